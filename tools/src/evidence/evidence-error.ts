import { BodycamError } from "../errors.ts";

/** A file is not what evidence is made of, or was changed. */
export class EvidenceFileError extends BodycamError {
	override readonly name = "EvidenceFileError";
	override readonly code = "not-evidence";
	override readonly exitCode = 6;
}
