import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { deNw } from "@bodycam/protocol/policy/profiles/de-nw";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { describe, expect, it } from "vitest";
import { type Firmware, projectFirmware } from "../simulator/firmware.ts";
import { bootCamera } from "../testing/boot-camera.ts";
import { verifyCardLog } from "../testing/card-log.ts";
import { camera, eventsOf, NOON, press } from "../testing/ready-camera.ts";

/** Bytes of the artefact's header (firmware/runtime/common/artefact.h). */
const HEADER = 24;

const PROMPTS = fileURLToPath(new URL("../../../firmware/assets/prompts", import.meta.url));

describe("a defect of the camera in the middle of a recording", () => {
	it("is gone on with in another recording, announced again, and both say so", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(9_000);
		booted.board.reset("watchdog");
		booted.advance(4_000);
		expect(booted.status().capture).toMatchObject({ state: "recording", recording: 2 });
		booted.advance(6_000);
		booted.press("stop");
		booted.advance(3_000);
		expect(booted.recordings().map(({ state }) => state)).toEqual(["interrupted", "complete"]);
		expect(booted.recording(2)).toMatchObject({ resumes: 1, announcement: { languages: ["de", "en"] } });
		expect(booted.recording(2).trigger.source).toBe("reset");
	});

	it("that was asked for starts nothing", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(9_000);
		booted.board.reset();
		booted.advance(6_000);
		expect(booted.status().capture.state).toBe("ready");
	});
});

describe("a speaker", () => {
	it("that fails is a fault, and the recording goes on", async () => {
		const booted = await camera(demo);
		booted.board.peripherals.speaker.set("error");
		booted.press("start");
		booted.advance(3_000);
		expect(booted.status().capture.state).toBe("recording");
		expect(booted.status().announcement.state).toBe("failed");
		expect(booted.status().faults).toContain("speaker-fault");
	});

	it("that plays and is not heard is a fault", async () => {
		const booted = await camera(demo);
		booted.advance(3_000);
		booted.board.peripherals.speaker.set("silent");
		booted.press("start");
		booted.advance(7_000);
		expect(eventsOf(booted, "announcement-ended")).toMatchObject([{ complete: true, heard: "not-heard" }]);
		expect(booted.status().faults).toContain("announcement-unheard");
	});
});

describe("a prompt", () => {
	/** The project's firmware with a prompt in it damaged. */
	async function damaged(prompt: string): Promise<Firmware> {
		const firmware = await projectFirmware();
		const artefact = Buffer.from(firmware.artefact);
		const packets = readFileSync(`${PROMPTS}/${prompt}.bin`);
		const at = artefact.indexOf(packets.toString("base64"));
		if (at < 0) throw new Error(`the firmware has no ${prompt}`);
		artefact.write("AAAA", at + 400, "latin1");
		// The artefact as a whole is good: its header's checksum leaves itself out.
		artefact.writeUInt32LE(crc32(artefact.subarray(HEADER), crc32(artefact.subarray(0, 20))), 20);
		// No image: nobody signs a damaged one.
		return { artefact: new Uint8Array(artefact), mapStack: firmware.mapStack };
	}

	it("that is damaged is a fault and left out: the others are spoken, and the recording goes on", async () => {
		const booted = await camera(demo, { firmware: await damaged("de-recording"), factory: false });
		expect(booted.status().faults).toContain("prompt-damaged");
		expect(eventsOf(booted, "fault")).toContainEqual(
			expect.objectContaining({ fault: "prompt-damaged", detail: "de-recording" }),
		);
		booted.press("start");
		booted.advance(8_000);
		expect(booted.status().capture.state).toBe("recording");
		expect(eventsOf(booted, "announcement-ended")).toMatchObject([{ languages: ["en"], complete: false }]);
	});
});

describe("gestures that come at a bad time", () => {
	it("during boot are taken or refused, and logged, but never lost", async () => {
		for (const after of [5, 20, 60, 150]) {
			const booted = await bootCamera({ policy: deNw, clockMs: NOON });
			booted.advance(after);
			booted.press("start");
			booted.advance(5_000);
			const refused = eventsOf(booted, "trigger-refused").length;
			expect(eventsOf(booted, "trigger").length + refused, `${after} ms after power-on`).toBe(1);
		}
	});

	it("around a reset are taken or refused, and a button that was down through it does nothing", async () => {
		for (const after of [5, 20, 60, 150]) {
			const booted = await camera();
			booted.edge(true);
			booted.advance(100);
			booted.board.reset("watchdog");
			booted.advance(after);
			booted.edge(false);
			booted.advance(200);
			booted.press("start");
			booted.advance(5_000);
			const refused = eventsOf(booted, "trigger-refused").length;
			expect(eventsOf(booted, "trigger").length + refused, `${after} ms after the reset`).toBe(1);
			expect(eventsOf(booted, "button").map(({ action }) => action)).toEqual(["double-press"]);
		}
	});

	it("with an empty battery are refused and say so, and the consent can be withdrawn all the same", async () => {
		const booted = await camera();
		booted.board.peripherals.battery.set(0, false);
		booted.advance(500);
		for (const gesture of ["announce", "start", "danger", "mark", "home", "withdraw"] as const)
			press(booted, gesture);
		expect(eventsOf(booted, "trigger-refused").map(({ why }) => why)).toEqual([
			"battery-empty",
			"battery-empty",
		]);
		expect(eventsOf(booted, "refused").map(({ what }) => what)).toEqual(["warning", "arming", "home"]);
		expect(eventsOf(booted, "wearer-withdrawn")).toHaveLength(1);
		expect(booted.recordings()).toEqual([]);
	});

	it("with a low battery do what the policy leaves", async () => {
		for (const [whenBatteryLow, warned, recorded] of [
			["nothing", 0, 0],
			["warning", 1, 0],
			["recording", 1, 1],
		] as const) {
			const booted = await camera({ ...demo, whenBatteryLow });
			booted.board.peripherals.battery.set(1, false);
			booted.advance(500);
			press(booted, "announce");
			press(booted, "start");
			expect(eventsOf(booted, "warning-started"), whenBatteryLow).toHaveLength(warned);
			expect(eventsOf(booted, "trigger"), whenBatteryLow).toHaveLength(recorded);
			expect(eventsOf(booted, "trigger-refused"), whenBatteryLow).toHaveLength(1 - recorded);
			expect(booted.status().preRecord.heldMs, whenBatteryLow).toBe(0);
		}
	});

	it("with a full card end the recording in order, are refused with the reason, and are all logged", async () => {
		const booted = await camera(demo, { card: 8 * 1024 ** 2 });
		booted.press("start");
		for (let tens = 0; tens < 30 && booted.status().capture.state === "recording"; tens++)
			booted.advance(10_000);
		expect(eventsOf(booted, "recording-stopped")).toMatchObject([{ reason: "card-full" }]);
		booted.advance(3_000);
		for (const gesture of ["announce", "start", "danger"] as const) press(booted, gesture);
		expect(eventsOf(booted, "trigger-refused").map(({ why }) => why)).toEqual(["fault", "fault"]);
		expect(booted.status().faults).toContain("card-full");
		expect(booted.recordings().map(({ state }) => state)).toEqual(["complete"]);
		booted.advance(2_000);
		const { verdict, events } = await verifyCardLog(booted.card);
		expect(verdict).toBe("intact");
		expect(events.filter(({ type }) => type === "trigger-refused")).toHaveLength(2);
	});

	it("are refused with a missing card, and say so", async () => {
		const booted = await camera(demo, { card: "none" });
		for (const gesture of ["announce", "start", "danger", "pause", "mark", "home"] as const)
			press(booted, gesture);
		expect(booted.status().capture.state).toBe("fault");
		expect(eventsOf(booted, "trigger-refused").map(({ why }) => why)).toEqual(["fault", "fault"]);
		expect(eventsOf(booted, "refused").map(({ what }) => what)).toEqual(["warning", "arming", "home"]);
	});

	it("bounce without a difference", async () => {
		const booted = await camera(demo);
		booted.press("announce", true);
		booted.advance(700);
		booted.press("start", true);
		booted.advance(2_000);
		expect(booted.status().capture.state).toBe("recording");
		booted.press("stop", true);
		booted.advance(2_000);
		expect(eventsOf(booted, "button").map(({ action }) => action)).toEqual(["press", "double-press", "hold"]);
	});
});

describe("the wearer's hand", () => {
	it("withdraws the consent on the camera itself, at once, in the middle of a recording", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(3_000);
		booted.press("withdraw");
		booted.advance(3_000);
		expect(eventsOf(booted, "wearer-withdrawn")).toMatchObject([{ source: "button" }]);
		expect(eventsOf(booted, "recording-stopped")).toMatchObject([{ reason: "wearer-withdrawn" }]);
		expect(booted.status().capture).toMatchObject({ state: "off", reason: "consent-withdrawn" });
		expect(booted.recordings()).toMatchObject([{ state: "complete" }]);
	});

	it("marks the consent of the person recorded; withdrawn, it stops where the policy says so", async () => {
		const booted = await camera();
		booted.press("start");
		booted.advance(2_000);
		press(booted, "consent-given");
		press(booted, "consent-refused");
		booted.advance(3_000);
		expect(booted.recording(1).consent?.map(({ mark }) => mark)).toEqual(["given", "withdrawn"]);
		expect(booted.recording(1).stop?.reason).toBe("consent");
	});
});
