/** Signal strength one metre away from a device that sends with 0 dBm, dBm. */
const AT_ONE_METRE = -55;

/** Weakest signal a receiver makes anything of, dBm. */
export const SENSITIVITY = -95;

/** Strength of a signal over a distance in free space, dBm. @param metres - at least a centimetre counts */
export function signalStrength(metres: number): number {
	return AT_ONE_METRE - 20 * Math.log10(Math.max(0.01, metres));
}

/** Part of the data packets lost to a weak signal, 0 to 1: none 10 dB above the sensitivity, all of them below it. */
export function weaknessLoss(strength: number): number {
	return Math.min(1, Math.max(0, (SENSITIVITY + 10 - strength) / 10));
}
