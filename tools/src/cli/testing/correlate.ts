/** Where a sound was found in another one, and how alike they are there. */
export interface Match {
	/** Index of the first sample. */
	readonly at: number;
	/** Normalised correlation, 1 for the same sound, 0 for an unrelated one. */
	readonly likeness: number;
}

/**
 * Looks for a sound in a recording by normalised cross-correlation.
 * @param from first index at which it may begin
 * @param to last index at which it may begin
 */
export function findSound(recording: Float32Array, sound: Float32Array, from: number, to: number): Match {
	const soundEnergy = energy(sound, 0, sound.length);
	let best: Match = { at: from, likeness: 0 };
	for (let at = Math.max(0, from); at <= Math.min(to, recording.length - sound.length); at++) {
		let product = 0;
		for (let index = 0; index < sound.length; index++)
			product += (recording[at + index] ?? 0) * (sound[index] ?? 0);
		const likeness = product / Math.sqrt(soundEnergy * energy(recording, at, sound.length) || 1);
		if (likeness > best.likeness) best = { at, likeness };
	}
	return best;
}

function energy(samples: Float32Array, from: number, length: number): number {
	let sum = 0;
	for (let index = from; index < from + length; index++) sum += (samples[index] ?? 0) ** 2;
	return sum;
}
