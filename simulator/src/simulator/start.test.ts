import { createSocket } from "node:dgram";
import { once } from "node:events";
import { existsSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { connect } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cameraReport, controlSimulator, waitForSimulator } from "../control/client.ts";
import { findSimulator, NoSuchSimulatorError, runningSimulators } from "../control/registry.ts";
import { SimulatorError } from "../simulator-error.ts";
import { ScratchDirectory } from "../testing/ffmpeg.ts";
import { tinyFirmware } from "../testing/tiny-firmware.ts";
import { type RunningSimulator, type SimulatorOptions, startSimulator } from "./start.ts";

// serialport is what the tools open the line with; it is theirs, so it is not imported by name here.
const { SerialPort } = createRequire(import.meta.url)("serialport") as {
	SerialPort: new (options: {
		path: string;
		baudRate: number;
	}) => NodeJS.EventEmitter & {
		write(text: string): boolean;
		close(callback: () => void): void;
	};
};

const scratch = new ScratchDirectory();
beforeAll(() => {
	process.env.BODYCAM_RUN = scratch.file("run");
});
afterAll(() => {
	delete process.env.BODYCAM_RUN;
	scratch.remove();
});

/** Echoes datagrams and serial bytes; shows what the event button and the battery do. */
const ECHO = tinyFirmware(
	`
	if (kind === 0x0001) {
		native.post(0x0e01, 0, 400000, 65536);
		native.post(0x0d01, 0, 500000, 65536);
	}
	if (kind === 0x0e02) { native.copy(600000, a, b); native.post(0x0e03, 0, a, b); native.post(0x0e04, 0, 600000, b, c, 1); }
	if (kind === 0x0d02) { native.copy(700000, a, b); native.post(0x0d03, 0, a, b); native.post(0x0d04, 0, 700000, b, 0, 1); }
	if (kind === 0x0401) show("button " + a);
	if (kind === 0x0801) show("battery " + a);
	if (kind === 0x0a02) show("no card");
	if (kind === 0x0a01) show("card");
`,
	"function show(text) { native.post(0x0601, 0, 800000, native.writeText(800000, 100, text)); }",
);

const running: RunningSimulator[] = [];
afterEach(async () => {
	for (const simulator of running.splice(0)) await simulator.stop();
});

async function start(options: SimulatorOptions): Promise<RunningSimulator> {
	const simulator = await startSimulator({ firmware: ECHO, cardBytes: 1 << 20, ...options });
	running.push(simulator);
	return simulator;
}

async function refusal(work: Promise<unknown>): Promise<SimulatorError> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (!(error instanceof SimulatorError)) throw new Error(`not refused: ${String(error)}`);
	return error;
}

describe("a running simulator", () => {
	it("answers on UDP and on the serial port at once", async () => {
		const link = scratch.file("tty");
		const simulator = await start({ name: "echo", serialLink: link });
		const [camera] = simulator.cameras;
		expect(readlinkSync(link)).toBe(camera?.serial);
		const socket = createSocket("udp4");
		socket.send("over udp", camera?.udp ?? 0, "127.0.0.1");
		const [datagram] = (await once(socket, "message")) as [Buffer];
		socket.close();
		expect(datagram.toString()).toBe("over udp");
		const serial = new SerialPort({ path: link, baudRate: 115_200 });
		serial.write("over serial");
		const [bytes] = (await once(serial, "data")) as [Buffer];
		await new Promise<void>((resolve) => serial.close(resolve));
		expect(bytes.toString()).toBe("over serial");
		await simulator.stop();
		expect(existsSync(link)).toBe(false);
	});

	it("is found by name while it runs, and not afterwards", async () => {
		const simulator = await start({ name: "found", seed: 5 });
		const entry = await waitForSimulator("found", 2_000);
		expect(entry).toMatchObject({ name: "found", pid: process.pid, seed: 5, udp: simulator.cameras[0]?.udp });
		expect(runningSimulators().map(({ name }) => name)).toContain("found");
		await simulator.stop();
		await simulator.ended;
		expect(findSimulator("found")).toBeUndefined();
		expect(await refusal(cameraReport("found"))).toMatchObject({ exitCode: 3 });
	});

	it("does what it is asked over the control socket, in time", async () => {
		await start({ name: "asked" });
		await controlSimulator("asked", { command: "press", gesture: "start" });
		expect((await cameraReport("asked")).display).toBe("button 0");
		await controlSimulator("asked", { command: "battery", percent: 7 });
		expect(await cameraReport("asked")).toMatchObject({ batteryPercent: 7, powered: true, running: true });
		await controlSimulator("asked", { command: "card-remove" });
		expect(await cameraReport("asked")).toMatchObject({ card: false });
		expect(await refusal(controlSimulator("asked", { command: "card-remove" }))).toMatchObject({
			exitCode: 4,
		});
		await controlSimulator("asked", { command: "card-insert" });
		expect(await cameraReport("asked")).toMatchObject({ card: true });
		await controlSimulator("asked", { command: "power-cut", mode: "lose", offMs: 20 });
		expect((await cameraReport("asked")).uptimeMs).toBeLessThan(1_000);
	});

	it("ends when it is asked to", async () => {
		const simulator = await start({ name: "ending" });
		await controlSimulator("ending", { command: "stop" });
		await simulator.ended;
		expect(findSimulator("ending")).toBeUndefined();
	});

	it("runs several cameras with their own names, ports and states", async () => {
		const state = scratch.file("fleet");
		const simulator = await start({ name: "fleet", count: 3, state, serialLink: scratch.file("fleet-tty") });
		expect(simulator.cameras.map(({ name }) => name)).toEqual(["fleet-1", "fleet-2", "fleet-3"]);
		expect(new Set(simulator.cameras.map(({ udp }) => udp)).size).toBe(3);
		expect(new Set(simulator.cameras.map(({ board }) => board.serialNumber)).size).toBe(3);
		for (const name of ["fleet-1", "fleet-2", "fleet-3"]) {
			expect(existsSync(`${state}/${name}/card.img`)).toBe(true);
			await controlSimulator(name, { command: "battery", percent: 50 });
			expect((await cameraReport(name)).batteryPercent).toBe(50);
		}
	});

	it("runs another firmware after a reload", async () => {
		const simulator = await start({ name: "reloaded" });
		simulator.reload(
			tinyFirmware("if (kind === 1) native.post(0x0601, 0, 9, native.writeText(9, 100, 'new'));"),
		);
		await new Promise((resolve) => simulator.world.schedule(150_000, resolve));
		expect(await cameraReport("reloaded")).toMatchObject({ display: "new", resets: 1 });
	});

	it("survives garbage on its control socket", async () => {
		const simulator = await start({ name: "garbage" });
		const socket = connect(findSimulator("garbage")?.control ?? "");
		socket.setEncoding("utf8");
		socket.write('nonsense\n{"id": 3, "camera": "garbage", "command": "explode"}\n[]\n');
		let answers = "";
		while (answers.split("\n").length < 4) answers += (await once(socket, "data"))[0];
		socket.destroy();
		expect(answers.match(/"ok":false/g)).toHaveLength(3);
		expect(simulator.cameras[0]?.board.running).toBe(true);
	});

	it("ends with the reason when its only firmware dies at every boot", async () => {
		const firmware = tinyFirmware("throw new Error('always')");
		const simulator = await start({ name: "dying", firmware, pace: "manual" });
		simulator.world.advanceTo(60_000_000);
		await expect(simulator.ended).rejects.toThrow(/always/);
		expect(findSimulator("dying")).toBeUndefined();
	});
});

describe("a simulator that cannot start", () => {
	it("says that the name is in use, and leaves the other one alone", async () => {
		await start({ name: "taken" });
		const error = await refusal(startSimulator({ name: "taken", firmware: ECHO }));
		expect(error).toMatchObject({ exitCode: 4, message: expect.stringContaining("taken") });
		expect((await cameraReport("taken")).running).toBe(true);
	});

	it.each(["", "../up", "a b", "x".repeat(40)])("refuses the name %j", async (name) => {
		expect(await refusal(startSimulator({ name, firmware: ECHO }))).toMatchObject({ exitCode: 2 });
	});

	it("says that a UDP port is in use", async () => {
		const [camera] = (await start({ name: "port" })).cameras;
		const error = await refusal(startSimulator({ name: "port2", udp: camera?.udp, firmware: ECHO }));
		expect(error.message).toContain(`${camera?.udp}`);
		expect(findSimulator("port2")).toBeUndefined();
		await start({ name: "port2" });
	});

	it("says that the state directory is in use", async () => {
		const state = scratch.file("shared");
		await start({ name: "one", state });
		const error = await refusal(startSimulator({ name: "two", state, firmware: ECHO }));
		expect(error.message).toContain("in use");
	});

	it("says that the camera file is missing", async () => {
		const error = await refusal(startSimulator({ name: "blind", camera: "/nowhere.mp4", firmware: ECHO }));
		expect(error).toMatchObject({ exitCode: 2 });
		expect(findSimulator("blind")).toBeUndefined();
	});
});

describe("waiting for a simulator", () => {
	it("ends with an error when none comes", async () => {
		await expect(waitForSimulator("nobody", 100)).rejects.toBeInstanceOf(NoSuchSimulatorError);
	});
});
