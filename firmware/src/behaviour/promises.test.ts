import { afterEach, describe, expect, it } from "vitest";
import { announcementTable } from "../announce/table.ts";
import { type CaptureInput, type CaptureState, captureTable } from "../capture/table.ts";
import { reserveTable } from "../reserve/table.ts";
import { type Decision, type DecisionTable, transitionsOf } from "../state/decision-table.ts";
import { GROUP_SECONDS, runSequences, type Steps } from "../testing/behaviour-model.ts";

/** Sequences here; `npm run campaign -- behaviour` runs any number. */
const RUNS = 500;

/** Sequences in which a camera that is broken on purpose has to be found out. */
const RUNS_TO_FIND = 100;

describe("random sequences of 50 and more happenings", () => {
	it("break no promise, and take every step of the tables", { timeout: 600_000 }, async () => {
		const steps: Steps = new Set();
		await runSequences({ seed: 1, runs: RUNS, steps });
		const missing = [captureTable, announcementTable, reserveTable].flatMap((table) =>
			transitionsOf(table as DecisionTable<string, string, string>)
				.map(({ from, on }) => `${table.initial} ${from} ${on}`)
				.filter((step) => !steps.has(step)),
		);
		expect(missing).toEqual([]);
	});
});

describe("random sequences find a camera that is broken on purpose", () => {
	const decisions = captureTable.decisions as Record<
		CaptureState,
		Record<CaptureInput, Decision<CaptureState, string>>
	>;
	const restore: (() => void)[] = [];
	afterEach(() => {
		for (const undo of restore.splice(0)) undo();
	});

	/** Decides a pair of the capture table otherwise until the test is over. */
	function decide(state: CaptureState, input: CaptureInput, decision: Decision<CaptureState, string>): void {
		const before = decisions[state][input];
		restore.push(() => {
			decisions[state][input] = before;
		});
		decisions[state][input] = decision;
	}

	const found = (changes: Parameters<typeof runSequences>[0]["changes"] = {}) =>
		runSequences({ seed: 1, runs: RUNS_TO_FIND, changes: { ...changes, firstOnly: true } }).then(
			() => "nothing",
			(error: Error) => String(error.cause),
		);

	it("whose cutoff is off by one group of pictures", { timeout: 300_000 }, async () => {
		const told = await found({
			recorder: (recorder) => ({
				...recorder,
				arm: (asked) => {
					const seconds = asked.seconds > 0 ? asked.seconds + GROUP_SECONDS : 0;
					recorder.arm({ ...asked, seconds });
				},
			}),
		});
		expect(told).toContain("never a pre-record older than the policy");
	});

	it("that goes on storing in a pause", { timeout: 300_000 }, async () => {
		const told = await found({
			recorder: (recorder) => ({
				...recorder,
				pause: () => true,
				resume: () => true,
			}),
		});
		expect(told).toMatch(/nothing is recorded in a pause|never a lost event/);
	});

	it("whose table leads from the warning to a recording without a trigger", {
		timeout: 300_000,
	}, async () => {
		decide("warning", "calm", { to: "recording" });
		expect(await found()).toContain("never recording without announcement");
	});

	it("whose table forgets to end the recording when the wearer stops it", { timeout: 300_000 }, async () => {
		decide("recording", "stop", "stays");
		expect(await found()).toContain("never a lost event");
	});

	it("that loses an event", { timeout: 300_000 }, async () => {
		let count = 0;
		expect(await found({ loses: () => ++count % 40 === 0 })).toContain("never a lost event");
	});
});
