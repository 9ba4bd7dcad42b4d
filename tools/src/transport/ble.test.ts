import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import { osEcho } from "@bodycam/protocol/smp/os";
import { PtyPort } from "@bodycam/simulator/ports/pty-port";
import { SerialPort } from "serialport";
import { afterEach, describe, expect, it, vi } from "vitest";
import { connectDevice } from "../client/connect.ts";
import { ConnectionError, NoSuchDeviceError, ProtocolError, UsageError } from "../errors.ts";
import { pullRecording } from "../operations/pull-recording.ts";
import { FakeCamera } from "../testing/fake-camera.ts";
import { type AirDevice, SimulatedAir } from "../testing/simulated-air.ts";
import { withoutRunner } from "../testing/without-runner.ts";
import { listenForCameras } from "./ble/discovery.ts";
import { openBle } from "./ble.ts";

withoutRunner();

const endings: (() => void | Promise<void>)[] = [];
afterEach(async () => {
	for (const end of endings.splice(0).reverse()) await end();
});

function camera(name: string, changes: Partial<AirDevice> = {}): AirDevice {
	return { name, device: new FakeCamera().device, ...changes };
}

function simulated(devices: readonly AirDevice[], options?: ConstructorParameters<typeof SimulatedAir>[1]) {
	const air = new SimulatedAir(devices, options);
	endings.push(() => air.close());
	return { air, ...air.adapter() };
}

describe("cameras over Bluetooth", () => {
	it("are listed by name and address with their signal strength, the nearer one stronger", async () => {
		const { hci } = simulated([camera("front desk", { metres: 1 }), camera("car 7", { metres: 20 })]);
		const cameras = await listenForCameras(300, { hci });
		expect(cameras.map(({ name, address, connectable }) => [name, address, connectable])).toEqual([
			["car 7", "c0:de:00:00:00:02", true],
			["front desk", "c0:de:00:00:00:01", true],
		]);
		const [far, near] = cameras;
		expect(near?.rssi ?? 0).toBeGreaterThan((far?.rssi ?? 0) + 10);
	});

	it.each(["cam1", "C0:DE:00:00:00:02"])("answer requests at ble:%s", async (target) => {
		const { hci } = simulated([camera("cam2"), camera("cam1")]);
		const client = await connectDevice(`ble:${target}`, { hci });
		endings.push(() => client.close());
		expect(await client.request(osEcho, { d: "over the air" })).toEqual({ r: "over the air" });
	});

	it("are found by a name that is too long to be advertised whole", async () => {
		const { hci } = simulated([camera("Traffic unit north, car 7, fr")]);
		const client = await connectDevice("ble:Traffic unit north, car 7, front", { hci });
		endings.push(() => client.close());
		expect(await client.request(osEcho, { d: "hello" })).toEqual({ r: "hello" });
	});

	it.each([498, 185, 23])("carry packets longer than a value at an MTU of %i octets", async (maximumMtu) => {
		const device = new FakeCamera({ bufferSize: 2048 }).device;
		const { hci } = simulated([camera("cam1", { device, maximumMtu })]);
		const client = await connectDevice("ble:cam1", { hci });
		endings.push(() => client.close());
		const d = "x".repeat(1500);
		expect(await client.request(osEcho, { d })).toEqual({ r: d });
	});

	it("are five on one adapter at a time, each with its own recording, at 5 % loss", async () => {
		const folder = mkdtempSync(join(tmpdir(), "bodycam-ble-"));
		endings.push(() => rmSync(folder, { recursive: true }));
		const contents = Array.from({ length: 5 }, () => new Uint8Array(randomBytes(40_000)));
		const { air, hci } = simulated(
			contents.map((bytes, index) => {
				const fake = new FakeCamera({ bufferSize: 1024 });
				fake.addRecording(1, bytes);
				return camera(`cam${index}`, { device: fake.device });
			}),
		);
		air.radio.loss = 0.05;
		const hash = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
		await Promise.all(
			contents.map(async (bytes, index) => {
				const client = await connectDevice(`ble:cam${index}`, { hci });
				const file = join(folder, `${index}.mp4`);
				for await (const _ of pullRecording(client, { number: 1, file }));
				await client.close();
				expect(hash(readFileSync(file))).toBe(hash(bytes));
			}),
		);
		await expect.poll(() => air.radio.links).toBe(0);
	});

	it("are free again for the next one who comes", async () => {
		const { hci } = simulated([camera("cam1")]);
		for (let round = 0; round < 3; round++) {
			const client = await connectDevice("ble:cam1", { hci });
			await client.request(osEcho, { d: "hello" });
			await client.close();
		}
	});
});

describe("two cameras of one name over Bluetooth", () => {
	const twins = () =>
		simulated([camera("cam1", { metres: 20 }), camera("cam2"), camera("cam1", { metres: 1 })]);

	it("are connected to by neither: both are told by address, the stronger one first", async () => {
		const { air, hci } = twins();
		const initiated = vi.spyOn(air.radio, "initiate");
		const error = await openBle("cam1", { hci }).catch((e) => e);
		expect(error).toBeInstanceOf(UsageError);
		expect(error.message).toMatch(
			/^2 cameras of the name cam1 are heard over Bluetooth\nble:c0:de:00:00:00:03 {2}-\d+ dBm\nble:c0:de:00:00:00:01 {2}-\d+ dBm$/,
		);
		expect(error.hint).toContain("-d ble:c0:de:00:00:00:03");
		expect(initiated).not.toHaveBeenCalled();
	});

	it("are counted whether they take a connection or not", async () => {
		const { hci } = simulated([camera("cam1", { connectable: false }), camera("cam1")]);
		await expect(openBle("cam1", { hci })).rejects.toThrow(UsageError);
	});

	it("are each reached by address", async () => {
		const { hci } = twins();
		const client = await connectDevice("ble:c0:de:00:00:00:01", { hci });
		endings.push(() => client.close());
		expect(await client.request(osEcho, { d: "the far one" })).toEqual({ r: "the far one" });
	});
});

describe("Bluetooth that goes wrong", () => {
	it("says that a camera is not heard", async () => {
		const { hci } = simulated([camera("cam1")]);
		const error = await openBle("cam9", { hci, patience: 0.05 }).catch((e) => e);
		expect(error).toBeInstanceOf(NoSuchDeviceError);
		expect(error.message).toBe("no camera cam9 is heard over Bluetooth");
	});

	it("says that a camera takes no connection", async () => {
		const { hci } = simulated([camera("cam1", { connectable: false })]);
		await expect(openBle("cam1", { hci, patience: 0.05 })).rejects.toThrow(
			"the camera cam1 takes no connection now",
		);
	});

	it("takes a camera at its word that it has all the clients it takes: noble takes it for one that can be connected to", async () => {
		const manufacturer = encodeCameraAdvertisement({
			light: "dark",
			charging: false,
			attention: false,
			full: true,
		});
		const { hci } = simulated([camera("cam1", { connectable: "pretended", manufacturer })]);
		expect(await listenForCameras(300, { hci })).toMatchObject([{ name: "cam1", connectable: false }]);
		await expect(openBle("cam1", { hci, patience: 0.05 })).rejects.toThrow(
			"the camera cam1 takes no connection now",
		);
	});

	it("says that a device is no camera", async () => {
		const characteristic = "da2e7828fbce4e01ae9e261174990000";
		const { hci } = simulated([camera("cam1", { characteristic })]);
		await expect(openBle("cam1", { hci })).rejects.toThrow(ProtocolError);
	});

	it("fails what is under way when the camera goes out of range", async () => {
		const { air, hci } = simulated([camera("cam1", { device: () => undefined })]);
		const transport = await openBle("cam1", { hci });
		const closed = new Promise<unknown>((resolve) =>
			transport.listen({ packet: () => undefined, closed: resolve }),
		);
		const [peripheral] = air.peripherals;
		if (peripheral) peripheral.station.position = 10_000;
		const error = await closed;
		expect(error).toBeInstanceOf(ConnectionError);
		expect((error as Error).message).toBe("the Bluetooth link to cam1 was lost: it is no longer heard");
		await expect(transport.send(new Uint8Array(8))).rejects.toThrow("was lost");
	});

	it("leaves the adapter to its other users where a camera falls silent while it is connected to", async () => {
		const { hci } = simulated([camera("cam1"), camera("cam2", { fallsSilent: true })]);
		const client = await connectDevice("ble:cam1", { hci });
		endings.push(() => client.close());
		await expect(openBle("cam2", { hci })).rejects.toThrow("the Bluetooth link to cam2 was lost");
		expect(await client.request(osEcho, { d: "still here" })).toEqual({ r: "still here" });
	});

	it("fails what is under way when the adapter goes away", async () => {
		const { hci, remove } = simulated([camera("cam1")]);
		const transport = await openBle("cam1", { hci });
		const closed = new Promise<unknown>((resolve) =>
			transport.listen({ packet: () => undefined, closed: resolve }),
		);
		remove();
		expect(((await closed) as Error).message).toBe("the Bluetooth adapter went away (its port)");
	});

	it("gives up on a camera that answers no connection request", async () => {
		// Heard as one that takes connections; it advertises in a way that takes none.
		const { hci } = simulated([camera("cam1", { connectable: "pretended" })]);
		await expect(openBle("cam1", { hci, patience: 0.05 })).rejects.toThrow(
			"the camera cam1 did not connect in time",
		);
	});

	it("says that there is no such HCI port", async () => {
		await expect(openBle("cam1", { hci: "/dev/no-such-port" })).rejects.toThrow(NoSuchDeviceError);
	});

	it("says that nobody answers on an HCI port", async () => {
		const silent = new PtyPort();
		endings.push(() => silent.close());
		await expect(openBle("cam1", { hci: silent.path, patience: 0.05 })).rejects.toThrow(
			"no Bluetooth controller answers",
		);
	});

	it("says that another program has the HCI port", async () => {
		const { hci } = simulated([camera("cam1")]);
		const other = new SerialPort({ path: hci, baudRate: 115_200, autoOpen: false, lock: true });
		await new Promise<void>((resolve) => other.open(() => resolve()));
		endings.push(() => new Promise<void>((resolve) => other.close(() => resolve())));
		await expect(openBle("cam1", { hci })).rejects.toThrow("is in use by another program");
	});

	it("leaves Ctrl-C to the program", async () => {
		const before = process.listenerCount("SIGINT");
		const { hci } = simulated([camera("cam1")]);
		const transport = await openBle("cam1", { hci });
		expect(process.listenerCount("SIGINT")).toBe(before);
		await transport.close();
	});

	it("gives up when it is told to", async () => {
		const { hci } = simulated([]);
		const stop = new AbortController();
		const opening = openBle("cam1", { hci, signal: stop.signal });
		setTimeout(() => stop.abort(new Error("enough")), 50);
		await expect(opening).rejects.toThrow("enough");
	});
});
