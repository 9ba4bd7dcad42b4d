import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import { describe, expect, it } from "vitest";
import type { Forbidden } from "../capture/forbidden.ts";
import type { RecorderStatus } from "../recorder/recorder-interface.ts";
import { StoreError } from "../storage/store-interface.ts";
import { CaptureController } from "./capture-controller.ts";

const STATUS = {
	state: "armed",
	recording: undefined,
	preRecord: {
		configuredMs: 30_000,
		heldMs: 0,
		soundMs: 0,
		capacityMs: 27_000,
		bitRate: 8_000_000,
		bitRateLowered: false,
	},
	video: undefined,
	lost: { frames: 0, packets: 0 },
} as const satisfies RecorderStatus;

const METADATA = {
	bytes: 1000,
	sha256: new Uint8Array(32),
	video: { firstMs: 1000, lastMs: 4000 },
} as RecordingMetadata;

/** A controller; what it told the recorder, the announcer and the wearer, and its events, in one list. */
function setup(
	options: {
		armed?: boolean;
		refuse?: boolean;
		forbidden?: () => Forbidden | undefined;
		seconds?: () => number;
	} = {},
) {
	const calls: string[] = [];
	const events: CameraEventBody[] = [];
	let video: RecorderStatus["video"];
	let number = 7;
	const note = (what: string) => () => {
		calls.push(what);
	};
	const controller = new CaptureController({
		now: () => 9_000_000,
		recorder: {
			arm: ({ seconds, sound }) => calls.push(`arm ${seconds} ${sound}`),
			disarm: note("disarm"),
			begin: ({ triggerTime }) => {
				if (options.refuse) throw new StoreError("full", "no room");
				calls.push(`begin ${triggerTime}`);
				return true;
			},
			stop: ({ time, reason }) => {
				calls.push(`stop ${time} ${reason}`);
				return true;
			},
			annotate: (part) => calls.push(`annotate ${JSON.stringify(part)}`),
			status: () => ({ ...STATUS, video }),
		},
		nextNumber: () => number++,
		announcer: {
			languages: ["de", "en"],
			trigger: (recording) => {
				calls.push(`announce ${recording}`);
				return true;
			},
			breakOff: note("break off"),
		},
		signals: { feel: (what) => calls.push(`feel ${what}`) },
		emit: (event) => events.push(event),
		describe: () => ({ device: "d", build: "b", engine: "e", seeded: false }),
		forbidden: options.forbidden ?? (() => undefined),
		wantsArmed: () => options.armed ?? true,
		preRecord: () => ({ seconds: options.armed === false ? 0 : (options.seconds?.() ?? 30), sound: true }),
		onState: (state) => calls.push(`state ${state}`),
	});
	return {
		controller,
		calls,
		events,
		types: () => events.map(({ type }) => type),
		knowFormat: () => {
			video = {} as NonNullable<RecorderStatus["video"]>;
			controller.capacityKnown();
		},
	};
}

describe("capture", () => {
	it.each(["no-wearer", "consent-withdrawn", "training-expired"] as const)(
		"says why a trigger is refused on the wearer's account, and has it felt apart: %s",
		(why) => {
			const { controller, calls, events } = setup({ forbidden: () => why });
			controller.settle(undefined);
			calls.length = 0;
			expect(controller.start("button", 1)).toBe(false);
			expect(events).toEqual([{ type: "trigger-refused", source: "button", why }]);
			expect(calls).toEqual(["feel forbidden"]);
		},
	);

	it("begins nothing that has just been forbidden, even while armed", () => {
		let why: Forbidden | undefined;
		const { controller, calls } = setup({ forbidden: () => why });
		controller.settle(undefined);
		why = "consent-expired";
		expect(controller.start("button", 1)).toBe(false);
		expect(calls.filter((call) => call.startsWith("begin"))).toEqual([]);
	});

	it("arms when the camera is able", () => {
		const { controller, calls } = setup();
		controller.settle(undefined);
		expect(calls).toEqual(["arm 30 true", "state armed"]);
	});

	it("tells what fits the memory as soon as the recorder knows, once", () => {
		const { controller, events, knowFormat } = setup();
		controller.settle(undefined);
		expect(events).toEqual([]);
		knowFormat();
		knowFormat();
		expect(events).toEqual([{ type: "armed", preRecordMs: 30_000, capacityMs: 27_000 }]);
	});

	it("records on a trigger: recorder, event, haptic, announcement, in this order", () => {
		const { controller, calls, types } = setup();
		controller.settle(undefined);
		calls.length = 0;
		expect(controller.start("button", 5_000_000)).toBe(true);
		expect(calls).toEqual(["begin 5000000", "feel started", "announce 7", "state recording"]);
		expect(types()).toEqual(["trigger", "announcement-started"]);
		expect(controller.recording).toEqual({ number: 7, triggerTime: 5_000_000 });
	});

	it("refuses a second trigger and goes on recording, without a touch", () => {
		const { controller, calls, events } = setup();
		controller.settle(undefined);
		controller.start("button", 5_000_000);
		calls.length = 0;
		expect(controller.start("button", 6_000_000)).toBe(false);
		expect(events.at(-1)).toEqual({ type: "trigger-refused", source: "button", why: "recording" });
		expect(calls).toEqual([]);
		expect(controller.state).toBe("recording");
	});

	it("ends the announcement before the recorder writes its last metadata", () => {
		const { controller, calls, types } = setup();
		controller.settle(undefined);
		controller.start("button", 5_000_000);
		calls.length = 0;
		controller.stop("button", 8_000_000);
		expect(calls).toEqual(["break off", "stop 8000000 button", "feel stopped", "state finishing"]);
		expect(types().at(-1)).toBe("recording-stopped");
	});

	it("does nothing on a stop when nothing is recorded", () => {
		const { controller, calls } = setup();
		controller.settle(undefined);
		calls.length = 0;
		expect(controller.stop("button", 8_000_000)).toBe(false);
		expect(calls).toEqual([]);
	});

	it("is ready, then armed again, when the recording is closed", () => {
		const { controller, calls, types } = setup();
		controller.settle(undefined);
		controller.start("button", 5_000_000);
		controller.stop("button", 8_000_000);
		calls.length = 0;
		controller.closed(7, METADATA);
		expect(calls).toEqual(["state ready"]);
		expect(types().at(-1)).toBe("recording-closed");
		expect(controller.recording).toBeUndefined();
		controller.settle(undefined);
		expect(controller.state).toBe("armed");
	});

	it("takes a trigger while the last recording is being finished", () => {
		const { controller } = setup();
		controller.settle(undefined);
		controller.start("button", 5_000_000);
		controller.stop("button", 8_000_000);
		expect(controller.start("button", 8_500_000)).toBe(true);
		controller.closed(7, METADATA);
		expect(controller.state).toBe("recording");
		expect(controller.recording?.number).toBe(8);
	});

	it("without pre-recording turns the camera on for a recording and off after it", () => {
		const { controller, calls } = setup({ armed: false });
		controller.settle(undefined);
		expect(controller.state).toBe("ready");
		calls.length = 0;
		controller.start("button", 5_000_000);
		controller.stop("button", 8_000_000);
		controller.closed(7, METADATA);
		expect(calls[0]).toBe("arm 0 true");
		expect(calls).toContain("disarm");
	});

	it("refuses a trigger when the card takes no recording", () => {
		const { controller, calls, events } = setup({ refuse: true });
		controller.settle(undefined);
		expect(controller.start("button", 5_000_000)).toBe(false);
		expect(events).toEqual([{ type: "trigger-refused", source: "button", why: "fault" }]);
		expect(calls.at(-1)).toBe("feel refused");
		expect(controller.state).toBe("armed");
	});

	it("refuses a trigger before the camera is ready", () => {
		const { controller, events } = setup();
		expect(controller.start("button", 1000)).toBe(false);
		expect(events).toEqual([{ type: "trigger-refused", source: "button", why: "off" }]);
	});

	it("arms anew when the length has changed, and only then", () => {
		let seconds = 30;
		const { controller, calls } = setup({ seconds: () => seconds });
		controller.settle(undefined);
		controller.settle(undefined);
		seconds = 10;
		controller.settle(undefined);
		controller.settle(undefined);
		expect(calls).toEqual(["arm 30 true", "state armed", "arm 10 true"]);
	});

	it("does nothing without permission, and says why", () => {
		const { controller, events } = setup({ forbidden: () => "no-policy" });
		controller.settle(undefined);
		expect(controller.state).toBe("off");
		expect(controller.start("button", 1000)).toBe(false);
		expect(events).toEqual([{ type: "trigger-refused", source: "button", why: "no-policy" }]);
	});

	it("turns off and forgets what it holds when permission ends, and arms again when it is back", () => {
		let permitted = true;
		const { controller, calls, events } = setup({ forbidden: () => (permitted ? undefined : "no-policy") });
		controller.settle(undefined);
		permitted = false;
		controller.settle(undefined);
		expect(calls.slice(2)).toEqual(["disarm", "state off"]);
		expect(events).toEqual([{ type: "disarmed", reason: "policy" }]);
		permitted = true;
		controller.settle(undefined);
		expect(controller.state).toBe("armed");
	});

	it("goes on with a recording that began with permission", () => {
		let permitted = true;
		const { controller } = setup({ forbidden: () => (permitted ? undefined : "no-policy") });
		controller.settle(undefined);
		controller.start("button", 5_000_000);
		permitted = false;
		controller.settle(undefined);
		expect(controller.state).toBe("recording");
	});

	it("disarms on a fault, and arms again when it is gone", () => {
		const { controller, calls, events } = setup();
		controller.settle(undefined);
		controller.settle("card-missing");
		expect(controller.state).toBe("fault");
		expect(calls.slice(2)).toEqual(["disarm", "state fault"]);
		expect(events).toEqual([{ type: "disarmed", reason: "fault" }]);
		controller.settle(undefined);
		expect(controller.state).toBe("armed");
	});

	it("ends a recording on a fault, and says why", () => {
		const { controller, calls, events } = setup();
		controller.settle(undefined);
		controller.start("button", 5_000_000);
		calls.length = 0;
		controller.settle("card-full");
		expect(calls).toEqual(["break off", "stop 9000000 card-full", "disarm", "state fault"]);
		expect(events.at(-1)).toEqual({ type: "recording-stopped", recording: 7, reason: "card-full" });
		controller.closed(7, METADATA);
		expect(controller.state).toBe("fault");
		expect(events.at(-1)?.type).toBe("recording-closed");
	});

	it("puts the announcement into the metadata, in ms", () => {
		const { controller, calls, events } = setup();
		controller.announced({
			recording: 7,
			start: 5_000_400,
			end: 11_120_600,
			languages: ["de", "en"],
			complete: true,
		});
		expect(calls).toEqual([
			'annotate {"announcement":{"startMs":5000,"endMs":11121,"languages":["de","en"]}}',
		]);
		expect(events).toMatchObject([{ type: "announcement-ended", recording: 7, complete: true }]);
	});
});
