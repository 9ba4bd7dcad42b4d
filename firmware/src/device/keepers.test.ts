import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Fault } from "@bodycam/protocol/camera/terms";
import { describe, expect, it } from "vitest";
import type { StoreStatus } from "../storage/store-interface.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { CameraWatch } from "./camera-watch.ts";
import { CardKeeper } from "./card-keeper.ts";
import { ClockKeeper } from "./clock-keeper.ts";
import { Faults } from "./faults.ts";

function setup() {
	const events: CameraEventBody[] = [];
	const appeared: (Fault | undefined)[] = [];
	const emit = (event: CameraEventBody) => events.push(event);
	const faults = new Faults({ emit, onChange: (fault) => appeared.push(fault) });
	return { events, appeared, emit, faults };
}

describe("faults", () => {
	it("tell each one when it comes and when it goes, once", () => {
		const { faults, events, appeared } = setup();
		faults.set("card-full", true, "no room");
		faults.set("card-full", true);
		faults.set("card-full", false);
		faults.set("card-full", false);
		expect(events).toEqual([
			{ type: "fault", fault: "card-full", active: true, detail: "no room" },
			{ type: "fault", fault: "card-full", active: false, detail: undefined },
		]);
		expect(appeared).toEqual(["card-full", undefined]);
	});

	it.each([
		["card-missing", "card-missing"],
		["card-read-only", "card-error"],
		["camera-fault", "camera-fault"],
		["card-stalled", undefined],
		["battery-low", undefined],
		["clock-unset", undefined],
	] as const)("with %s the obstacle to recording is %s", (fault, obstacle) => {
		const { faults } = setup();
		faults.set(fault, true);
		expect(faults.obstacle).toBe(obstacle);
	});
});

describe("clock", () => {
	function clock() {
		const { events, emit, faults } = setup();
		let monotonic = 1_000_000;
		let time: number | undefined;
		const keeper = new ClockKeeper({
			clock: {
				get time() {
					return time;
				},
				uncertainty: 250,
				set: () => undefined,
				close: () => undefined,
			},
			now: () => monotonic,
			faults,
			emit,
		});
		const told = (us: number, wall: number | undefined) => {
			monotonic = us;
			time = wall;
			keeper.told();
		};
		const set = () => events.filter(({ type }) => type === "clock-set");
		return { told, set, faults };
	}

	it("that is unset is a fault until it is set", () => {
		const { told, faults } = clock();
		told(1_000_000, undefined);
		expect(faults.active).toEqual(["clock-unset"]);
		told(2_000_000, 1_790_000_000_000);
		expect(faults.active).toEqual([]);
	});

	it("tells a correction with what it said before", () => {
		const { told, set } = clock();
		told(1_000_000, 1_790_000_000_000);
		told(61_000_000, 1_790_000_000_000);
		expect(set()).toEqual([
			{ type: "clock-set", previousMs: 1_790_000_060_000, offsetMs: -60_000, uncertaintyMs: 250 },
		]);
	});

	it("tells that it was set for the first time", () => {
		const { told, set } = clock();
		told(1_000_000, undefined);
		told(2_000_000, 1_790_000_000_000);
		expect(set()).toEqual([{ type: "clock-set", previousMs: undefined, uncertaintyMs: 250 }]);
	});

	it("takes what it says at boot, and a repeated telling, for no correction", () => {
		const { told, set } = clock();
		told(1_000_000, 1_790_000_000_000);
		told(2_000_000, 1_790_000_001_001);
		expect(set()).toEqual([]);
	});
});

const UNUSED: StoreStatus["writing"] = {
	bytes: 0,
	durationMs: 0,
	busyMs: 0,
	longestWriteMs: 0,
	longestFlushMs: 0,
	retries: 0,
	highestFill: 0,
	staging: 0,
};

describe("card", () => {
	function card() {
		const { events, emit, faults } = setup();
		const keeper = new CardKeeper({ faults, emit });
		const status = (part: Partial<StoreStatus>) => {
			keeper.changed({
				state: "ready",
				fault: undefined,
				cardBytes: 1000,
				freeBytes: 400,
				recordings: 0,
				next: 1,
				recovering: false,
				writing: UNUSED,
				...part,
			});
		};
		return { status, events, faults, keeper };
	}

	it("with recordings that cannot be read tells each once, lets others be made, and forgets them with the card", () => {
		const { status, events, faults, keeper } = card();
		status({});
		for (const number of [3, 3, 5]) keeper.damaged(number);
		expect(faults.active).toEqual(["recording-damaged"]);
		expect(faults.obstacle).toBeUndefined();
		const told = events.filter((event) => event.type === "fault" && event.active);
		expect(told.map((event) => ("detail" in event ? event.detail : ""))).toEqual([
			"recording 3 cannot be read",
			"recording 5 cannot be read",
		]);
		status({ state: "absent", fault: "absent" });
		expect(faults.active).toEqual(["card-missing"]);
	});

	it("tells that it was put in and taken out", () => {
		const { status, events } = card();
		status({});
		status({ state: "absent", fault: "absent" });
		expect(events.filter(({ type }) => type === "card")).toMatchObject([
			{ state: "inserted" },
			{ state: "removed" },
		]);
	});

	it("that is missing at boot is a fault", () => {
		const { status, faults } = card();
		status({ state: "absent", fault: "absent" });
		expect(faults.active).toEqual(["card-missing"]);
	});

	it("is not judged while it is read in", () => {
		const { status, events } = card();
		status({ state: "mounting" });
		expect(events).toEqual([]);
	});

	it.each([
		["full", "card-full"],
		["stalled", "card-stalled"],
		["write-error", "card-error"],
		["unknown-format", "card-error"],
		["read-only", "card-read-only"],
	] as const)("with %s has the fault %s until it is gone", (cause, fault) => {
		const { status, faults } = card();
		status({ fault: cause, state: "fault" });
		expect(faults.active).toEqual([fault]);
		status({});
		expect(faults.active).toEqual([]);
	});
});

describe("card that failed", () => {
	it("stays a fault while it closes what was cut off, so that alarms do not come again and again", () => {
		const { events, emit, faults } = setup();
		const keeper = new CardKeeper({ faults, emit });
		const good: StoreStatus = {
			state: "ready",
			fault: undefined,
			cardBytes: 1000,
			freeBytes: 400,
			recordings: 1,
			next: 2,
			recovering: false,
			writing: UNUSED,
		};
		for (let attempt = 0; attempt < 3; attempt++) {
			keeper.changed({ ...good, state: "fault", fault: "write-error" });
			keeper.changed({ ...good, state: "mounting" });
			keeper.changed({ ...good, recovering: true });
		}
		expect(events.filter(({ type }) => type === "fault")).toHaveLength(1);
		keeper.changed(good);
		expect(faults.active).toEqual([]);
	});
});

describe("camera", () => {
	it("that failed is tried again after five seconds", async () => {
		const { faults } = setup();
		const timers = createVirtualTimers();
		new CameraWatch({ timers, faults }).failed(3);
		await timers.advance(4_900_000);
		expect(faults.active).toEqual(["camera-fault"]);
		await timers.advance(200_000);
		expect(faults.active).toEqual([]);
	});
});
