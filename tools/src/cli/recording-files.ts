import { statSync } from "node:fs";
import { basename, dirname, extname, join } from "node:path";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { UsageError } from "../errors.ts";
import { type EvidencePair, evidenceFiles, evidencePairOf } from "../evidence/evidence-pair.ts";
import { outputDirectory } from "../operations/output-directory.ts";

/** Where the two files of a recording go. */
export type EvidenceNamer = (metadata: Pick<RecordingMetadata, "device" | "number">) => EvidencePair;

/**
 * Decides about the names of the two files of a recording: a directory takes files named after camera and number; a
 * name ending in `.mp4.age` or `.custody.cbor` is one of the two. Directories are made.
 * @param out what the user gave
 * @param single whether exactly one recording is meant
 * @throws {UsageError} when several recordings would go into the same files, or a name is that of neither file
 */
export function evidenceNamer(out: string, single: boolean): EvidenceNamer {
	const isDirectory = statSync(out, { throwIfNoEntry: false })?.isDirectory() === true;
	const pair = isDirectory ? undefined : evidencePairOf(out);
	if (pair !== undefined) {
		if (!single) {
			throw new UsageError(`${basename(out)} cannot take several recordings`, {
				hint: "Give one number, or a directory for --out.",
			});
		}
		outputDirectory(dirname(out));
		return () => pair;
	}
	if (!isDirectory && [".mp4", ".age", ".cbor"].includes(extname(out).toLowerCase()))
		throw new UsageError(`${basename(out)} is a name for neither file of a recording`, {
			hint: `A recording is two files: give ${basename(out).replace(/\..*/, "")}.mp4.age, or a directory. \`bodycam evidence decrypt\` makes an MP4 of it.`,
		});
	outputDirectory(out);
	return ({ device, number }) =>
		evidenceFiles(join(out, `${safe(device)}-${String(number).padStart(4, "0")}`));
}

/** A serial number comes from the device: it must not lead out of the directory. */
function safe(serial: string): string {
	return serial.replaceAll(/[^A-Za-z0-9_-]/g, "_") || "camera";
}
