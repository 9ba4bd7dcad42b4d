/** What every error of the library carries besides its message. */
export interface ErrorDetail {
	/** What to do next. */
	readonly hint?: string;
	readonly cause?: unknown;
}

/**
 * An error whose reason is known and need not be a defect of this program. The exit code is what a command that
 * ends with it returns; messages are for people, codes for machines.
 */
export class BodycamError extends Error {
	override readonly name: string = "BodycamError";
	/** Stable word for machines. */
	readonly code: string = "failed";
	/** Exit code of a command that ends with it. */
	readonly exitCode: number = 1;
	/** What to do next. */
	readonly hint: string | undefined;

	/** What was wrong, as a sentence without a full stop. */
	constructor(message: string, detail: ErrorDetail = {}) {
		super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
		this.hint = detail.hint;
	}
}

/** A mistake in what the caller asked for. */
export class UsageError extends BodycamError {
	override readonly name = "UsageError";
	override readonly code = "usage";
	override readonly exitCode = 2;
}

/** There is no room left for what is to be written. */
export class DiskFullError extends BodycamError {
	override readonly name = "DiskFullError";
	override readonly code = "disk-full";
}

/** There is no device at that address. */
export class NoSuchDeviceError extends BodycamError {
	override readonly name = "NoSuchDeviceError";
	override readonly code = "no-such-device";
	override readonly exitCode = 3;
}

/** The camera answered that it will not, or cannot, do it. */
export class RefusedError extends BodycamError {
	override readonly name = "RefusedError";
	override readonly code: string = "refused";
	override readonly exitCode = 4;
	/** Group whose error it is; undefined for an error of the protocol, or where no command was asked. */
	readonly group: number | undefined;
	/** Code within the group, or return code. */
	readonly returnCode: number | undefined;

	/** What was refused and why. */
	constructor(
		message: string,
		detail: ErrorDetail & { readonly group?: number; readonly returnCode?: number } = {},
	) {
		super(message, detail);
		this.group = detail.group;
		this.returnCode = detail.returnCode;
	}
}

/** The connection broke, or the camera stopped answering. */
export class ConnectionError extends BodycamError {
	override readonly name = "ConnectionError";
	override readonly code = "connection";
	override readonly exitCode = 5;
}

/** What was received is not what the camera says it is. */
export class VerificationError extends BodycamError {
	override readonly name = "VerificationError";
	override readonly code = "verification";
	override readonly exitCode = 6;
}

/** The other side answered what the protocol does not allow. */
export class ProtocolError extends BodycamError {
	override readonly name = "ProtocolError";
	override readonly code = "protocol";
}
