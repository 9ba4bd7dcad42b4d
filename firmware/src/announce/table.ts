import type { Status } from "@bodycam/protocol/camera/status";
import type { StateTable } from "../state/table.ts";

/** States of the spoken announcement, as status tells them. */
export type AnnouncementState = Status["announcement"]["state"];

/** What moves it from state to state. */
export type AnnouncementInput =
	/** A recording was triggered. */
	| "trigger"
	/** A prompt was played to its end, and another language follows. */
	| "next-language"
	/** The last prompt was played to its end. */
	| "spoken"
	/** The recording ended, the speaker failed, or it did not answer in time. */
	| "broken-off";

/** What is done on the way. */
export type AnnouncementAction = "speak" | "complete" | "silence";

/** The spoken announcement: one prompt after the other. */
export const announcementTable: StateTable<AnnouncementState, AnnouncementInput, AnnouncementAction> = {
	initial: "silent",
	transitions: [
		{ from: "silent", on: "trigger", to: "speaking", action: "speak" },
		{ from: "speaking", on: "next-language", to: "speaking", action: "speak" },
		{ from: "speaking", on: "spoken", to: "silent", action: "complete" },
		{ from: "speaking", on: "broken-off", to: "silent", action: "silence" },
	],
};
