import fc from "fast-check";

/**
 * What may happen to any camera, with how often: what hands do to its buttons, and what befalls it. The model of the
 * behaviour on Node and the simulated camera on the engine both do these, each in its own way.
 */
export const HAPPENINGS = [
	[6, "announce"],
	[9, "start"],
	[2, "a hurried row"],
	[7, "stop"],
	[1, "a hold let go too early"],
	[1, "a spike"],
	[3, "danger"],
	[5, "function press"],
	[2, "function double press"],
	[2, "consent given"],
	[2, "consent refused"],
	[4, "function hold"],
	[1, "withdraw"],
	[2, "start and stop at once"],
	[2, "the card is taken out"],
	[3, "the card is put in"],
	[1, "the card stalls"],
	[1, "the camera fails"],
	[2, "another wearer"],
	[1, "the training lapses"],
	[2, "policy 0"],
	[2, "policy 1"],
	[2, "policy 2"],
	[2, "policy 3"],
	[1, "no policy"],
	[3, "battery good"],
	[1, "battery low"],
	[1, "battery empty"],
	[2, "speaker ok"],
	[1, "speaker error"],
	[1, "speaker mute"],
	[1, "the clock is lost or set"],
	[4, "time passes"],
] as const satisfies readonly (readonly [weight: number, name: string])[];

/** Name of one of `HAPPENINGS`. */
export type HappeningName = (typeof HAPPENINGS)[number][1];

/** Something that happens in a sequence, and how long nothing happens after it. */
export interface Happens<Name extends string> {
	/** What. */
	readonly name: Name;
	/** Pause after it, ms. */
	readonly pauseMs: number;
}

/** Least and most things that happen in a sequence. */
const LEAST = 50;
const MOST = 60;

/** One thing that happens. @param more - what may happen besides `HAPPENINGS` */
export function happening<Name extends string = never>(
	more: readonly (readonly [weight: number, name: Name])[] = [],
): fc.Arbitrary<Happens<HappeningName | Name>> {
	const all: readonly (readonly [number, HappeningName | Name])[] = [...HAPPENINGS, ...more];
	const names = fc.oneof(...all.map(([weight, name]) => ({ weight, arbitrary: fc.constant(name) })));
	const pauses = fc.oneof(
		{ weight: 3, arbitrary: fc.integer({ min: 0, max: 400 }) },
		{ weight: 1, arbitrary: fc.integer({ min: 0, max: 3500 }) },
	);
	return fc.record({ name: names, pauseMs: pauses });
}

/** A sequence of 50 to 60 of them. */
export function sequenceOf<T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> {
	return fc.array(one, { minLength: LEAST, maxLength: MOST });
}
