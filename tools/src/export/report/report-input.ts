import type { PrivateMetadata } from "@bodycam/protocol/camera/private-metadata";
import type { CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { Conversion } from "../convert.ts";
import type { ExportParty } from "../log.ts";
import type { Original } from "../original.ts";
import type { WrittenFile } from "../output.ts";
import type { Timeline } from "../timeline.ts";

/** What a report tells of. */
export interface ReportInput {
	/** The result of verifying the recording. */
	readonly report: CustodyReport;
	/** What its custody record begins with. */
	readonly header: CustodyEntryOf<"header">;
	/** What it ends with; undefined when it has no end. */
	readonly end: CustodyEntryOf<"final"> | CustodyEntryOf<"recovery"> | undefined;
	/** Its course. */
	readonly timeline: Timeline;
	/** The recording all of this is about. */
	readonly original: Original;
	/** What only those may know who can decrypt it; undefined when the recording holds none. */
	readonly privately: PrivateMetadata | undefined;
	/** The file that plays, and what is in it. */
	readonly video: Conversion & { readonly name: string };
	/** Whether the file that plays bears Content Credentials. */
	readonly credentials: boolean;
	/** Files of the export but this one, the log and the list of digests. */
	readonly files: readonly WrittenFile[];
	/** Who exported, and what for. */
	readonly party: ExportParty;
	/** When, ms since 1970. */
	readonly exportedAt: number;
	/** Name and version of these tools. */
	readonly tools: string;
	/** The agency's root public key, hexadecimal. */
	readonly rootKey: string;
}

/** Where a place of the recording lies in the file that plays, ms; undefined when it is not in it. */
export function placeInVideo({ video, original }: ReportInput, atMs: number): number | undefined {
	if (original.partMs === undefined) return atMs;
	return atMs >= video.fromMs && atMs <= video.toMs ? atMs - video.fromMs : undefined;
}
