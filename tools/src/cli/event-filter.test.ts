import { expect, test } from "vitest";
import { createEventFilter } from "./event-filter.ts";
import { collectHash, parseBoot, parseTypes } from "./event-options.ts";

const trigger = { type: "trigger", wallMs: 1000, recording: 3 };
const undated = { type: "armed" };

test.each([
	[{}, true, true],
	[{ type: ["trigger", "fault"] }, true, false],
	[{ recording: 3 }, true, false],
	[{ recording: 4 }, false, false],
	[{ boot: 7 }, true, true],
	[{ boot: 8 }, false, false],
	[{ since: 1000 }, true, false],
	[{ since: 1001 }, false, false],
	[{ until: 1000 }, true, false],
	[{ until: 999 }, false, false],
])("%j wants the trigger: %s, and what has no time of day: %s", (options, first, second) => {
	const filter = createEventFilter(options);
	expect([filter.accepts(trigger, 7), filter.accepts(undated, 7)]).toEqual([first, second]);
});

test("what is left out for want of a time of day is counted", () => {
	const filter = createEventFilter({ since: 1, type: ["armed"] });
	for (const event of [trigger, undated, undated]) filter.accepts(event);
	expect(filter.undated).toBe(2);
});

test("options are read, or refused by name", () => {
	expect(parseTypes("trigger, fault")).toEqual(["trigger", "fault"]);
	expect(() => parseTypes("trigger,levitated")).toThrow('no event "levitated"');
	expect(parseBoot("00c0ffee")).toBe(0xc0ffee);
	expect(() => parseBoot("c0ffee")).toThrow("eight hexadecimal");
	const hash = "ab".repeat(32);
	expect(collectHash(hash, collectHash(hash))).toHaveLength(2);
	expect(() => collectHash("ab")).toThrow("64 hexadecimal");
});
