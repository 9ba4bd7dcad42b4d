import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import type { MediaRange } from "./cut.ts";
import type { WrittenFile } from "./output.ts";

/** What an export, or a clip, names as its original. */
export interface Original {
	/** Serial number of the camera. */
	readonly device: string;
	/** Number of the recording. */
	readonly recording: number;
	/** Hash behind the item that ends its custody record, hexadecimal. */
	readonly finalHash: string;
	/** SHA-256 of the age file, hexadecimal. */
	readonly sha256: string;
	/** Bytes of the age file. */
	readonly bytes: number;
	/** Part of it that a clip holds, ms from its begin; undefined for all of it. */
	readonly partMs: { readonly from: number; readonly to: number } | undefined;
}

/**
 * Names a recording.
 * @param report - the result of verifying it @param age - its age file, as it was copied @param clip - part of it
 */
export function originalOf(
	{ header, hash }: CustodyReport,
	age: WrittenFile,
	clip: MediaRange | undefined,
): Original {
	return {
		device: header?.device ?? "",
		recording: header?.recording ?? 0,
		finalHash: Buffer.from(hash ?? []).toString("hex"),
		sha256: age.sha256,
		bytes: age.bytes,
		partMs: clip && { from: Math.round(clip.from * 1000), to: Math.round(clip.to * 1000) },
	};
}

/** The title of a file that plays. */
export function titleOf({ device, recording, partMs }: Original): string {
	return `${partMs === undefined ? "Recording" : "Clip of recording"} ${recording} of camera ${device}`;
}

/** The recording that a file is made of, in a sentence. */
export function originalText({ device, recording, finalHash, sha256, partMs }: Original): string {
	const part = partMs === undefined ? "" : `${partMs.from / 1000} s to ${partMs.to / 1000} s of `;
	return `${part}recording ${recording} of camera ${device}; final hash of its custody record ${finalHash}; SHA-256 of the encrypted original ${sha256}`;
}
