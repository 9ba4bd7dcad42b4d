/** Why something that was signed is not trusted. */
export const TRUST_REASONS = [
	"malformed",
	"wrong-type",
	"wrong-signer",
	"bad-signature",
	"wrong-purpose",
	"wrong-agency",
	"wrong-device",
	"not-yet-valid",
	"expired",
] as const;

/** One of `TRUST_REASONS`. */
export type TrustReason = (typeof TRUST_REASONS)[number];

/** Something that was signed is not trusted. */
export class TrustError extends Error {
	override readonly name = "TrustError";
	/** Why. */
	readonly reason: TrustReason;

	/** @param reason - why @param message - what is wrong with what, in words */
	constructor(reason: TrustReason, message: string) {
		super(message);
		this.reason = reason;
	}
}
