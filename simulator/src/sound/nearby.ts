/** What the microphone hears besides the world. */
export interface NearbySound {
	/** Whether anything sounds between two times, µs of board time. */
	soundsBetween(from: number, to: number): boolean;
	/** Adds what sounds from a time on, µs of board time, to 16 kHz mono samples. */
	mixInto(from: number, into: Int16Array): void;
}

/** Several sounds as one. */
export function together(...sounds: readonly NearbySound[]): NearbySound {
	return {
		soundsBetween: (from, to) => sounds.some((sound) => sound.soundsBetween(from, to)),
		mixInto: (from, into) => {
			for (const sound of sounds) sound.mixInto(from, into);
		},
	};
}
