/** Time the ring keeps beyond the configured one: a group of pictures and what comes while the drain starts, s. */
const RESERVE_SECONDS = 3;

/** Bit rate reckoned with for sound, bit/s. */
const SOUND_RATE = 32_000;

/** What the arena is to hold. */
export interface ArenaDemand {
	/** Bytes of the arena. */
	readonly arenaBytes: number;
	/** Configured length, s. */
	readonly seconds: number;
	/** Whether sound is kept. */
	readonly sound: boolean;
}

/** What the arena holds at a bit rate, ms; not above what is configured. */
export function capacityMs({ arenaBytes, seconds, sound }: ArenaDemand, bitRate: number): number {
	if (seconds === 0) return 0;
	const total = bitRate + (sound ? SOUND_RATE : 0);
	if (total <= 0) return seconds * 1000;
	const held = (arenaBytes * 8) / total - RESERVE_SECONDS;
	return Math.floor(Math.max(0, Math.min(seconds, held)) * 1000);
}

/** The largest bit rate at which the configured length fits, bit/s. */
export function fittingBitRate({ arenaBytes, seconds, sound }: ArenaDemand): number {
	const total = (arenaBytes * 8) / (seconds + RESERVE_SECONDS);
	return Math.max(1, Math.floor(total - (sound ? SOUND_RATE : 0)));
}
