/** Sample rate of all sound inside the simulator, Hz. */
export const SAMPLE_RATE = 16_000;

/** Samples of a packet of the microphone. */
export const PACKET_SAMPLES = 640;

/** Duration of a packet of the microphone, µs. */
export const PACKET_TIME = 40_000;

/** Sound as 16 kHz mono PCM that can be read anywhere. */
export interface PcmSource {
	/** Samples it has. */
	readonly length: number;
	/** Fills `into` with the samples from `from` on, which must be in range; zeros follow the end. */
	read(from: number, into: Int16Array): void;
}

/** Samples in a time, rounded. */
export function samplesIn(microseconds: number): number {
	return Math.round((microseconds * SAMPLE_RATE) / 1e6);
}

/** Adds two samples without wrapping around. */
export function mixed(a: number, b: number): number {
	const sum = a + b;
	return Math.max(-32768, Math.min(32767, sum));
}

/** Level of samples: their root mean square, rounded. */
export function levelOf(samples: Int16Array): number {
	let sum = 0;
	for (let index = 0; index < samples.length; index++) {
		const sample = samples[index] ?? 0;
		sum += sample * sample;
	}
	return samples.length === 0 ? 0 : Math.round(Math.sqrt(sum / samples.length));
}
