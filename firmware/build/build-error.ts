/** The firmware cannot be built from its sources. */
export class FirmwareBuildError extends Error {
	override readonly name = "FirmwareBuildError";
	/** Stable word for machines. */
	readonly code = "firmware-build";
	/** Exit code of a command that ends with it. */
	readonly exitCode = 1;
	/** What to do next. */
	readonly hint =
		"Repair what is named, then run the command again: the firmware is built from the sources here.";
}
