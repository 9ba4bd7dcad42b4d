import { CaptureError, captureAnswer, captureStart, captureStop } from "@bodycam/protocol/camera/capture";
import { GroupError, type GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { CaptureController } from "../behaviour/capture-controller.ts";
import type { AnswerResult, WearerCommands } from "../behaviour/wearer-commands.ts";

/** What the handlers of the capture group need. */
export interface CaptureServices {
	/** Capture. */
	readonly capture: Pick<CaptureController, "start" | "stop" | "recording">;
	/** Takes what is owed. */
	readonly commands: Pick<WearerCommands, "answer" | "owed">;
	/** Time on the board's clock, µs. */
	readonly now: () => number;
	/** Whether the policy lets the link start and end a recording. */
	readonly remote: () => boolean;
}

const ERRORS: Readonly<Record<Exclude<AnswerResult, "taken">, GroupErrorDeclaration>> = {
	"not-demanded": CaptureError.notDemanded,
	"unknown-reason": CaptureError.unknownReason,
	"not-kept": CaptureError.notKept,
};

/** Answers the capture group. */
export function registerCaptureHandlers(server: SmpServer, services: CaptureServices): void {
	const { capture, commands, now, remote } = services;
	server.register(captureStart, () => {
		if (!remote()) throw new GroupError(CaptureError.notAllowed);
		if (!capture.start("link", now()) || capture.recording === undefined)
			throw new GroupError(CaptureError.refused);
		return { recording: capture.recording.number };
	});
	server.register(captureStop, () => {
		if (!remote()) throw new GroupError(CaptureError.notAllowed);
		const { recording } = capture;
		if (recording === undefined || !capture.stop("link", now()))
			throw new GroupError(CaptureError.notRecording);
		return { recording: recording.number };
	});
	server.register(captureAnswer, async ({ recording, reason, authorisedBy }) => {
		const result = await commands.answer(recording, { reason, authorisedBy });
		if (result !== "taken") throw new GroupError(ERRORS[result]);
		const left = commands.owed(recording);
		return left === undefined ? {} : { left };
	});
}
