/** The firmware cannot be built from its sources. */
export class FirmwareBuildError extends Error {
	override readonly name = "FirmwareBuildError";
}
