import { expect, test } from "vitest";
import { fuzzProtocol } from "./fuzz.ts";

// The long run is `npm run campaign -- fuzz`.
test("3,000 damaged inputs crash nothing, confuse nothing and reach no handler they should not", () => {
	const { inputs, handled, refused, dropped } = fuzzProtocol({ seed: 1, iterations: 3000 });
	expect(handled + refused + dropped).toBe(inputs);
	for (const kind of [handled, refused, dropped]) expect(kind).toBeGreaterThan(100);
});

test("the same seed gives the same campaign", () => {
	const run = () => fuzzProtocol({ seed: 7, iterations: 200 });
	expect(run()).toEqual(run());
});
