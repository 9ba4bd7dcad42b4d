import { describe, expect, it } from "vitest";
import type { IndicatorPattern } from "../hal/indicator.ts";
import { lightOf, watchedLight } from "./public-light.ts";
import { STATE_SIGNALS } from "./state-signals.ts";

describe("lightOf", () => {
	it("says of every state what its light says, and of no other difference between states", () => {
		const said = Object.fromEntries(
			Object.entries(STATE_SIGNALS).map(([state, signal]) => [state, lightOf(signal.public)]),
		);
		expect(said).toEqual({
			off: "dark",
			ready: "dark",
			warning: "warning",
			armed: "dark",
			recording: "recording",
			paused: "paused",
			finishing: "dark",
			fault: "dark",
		});
	});
});

describe("watchedLight", () => {
	it("shows every pattern and tells what it says, darkness at last", () => {
		const shown: (IndicatorPattern | string)[] = [];
		const light = watchedLight(
			{ show: (pattern) => shown.push(pattern), close: () => shown.push("closed") },
			(said) => shown.push(said),
		);
		const { public: red } = STATE_SIGNALS.recording;
		light.show(red);
		light.close();
		expect(shown).toEqual([red, "recording", "closed", "dark"]);
	});
});
