import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasTools } from "@bodycam/protocol/testing/public-tools";
import { afterEach, beforeEach, expect, it } from "vitest";
import { SimulatorError } from "../../simulator-error.ts";
import { createRandomness } from "../../world/random.ts";
import { World } from "../../world/world.ts";
import { DeviceAddress } from "../air/address.ts";
import { VirtualRadio } from "../air/radio.ts";
import { VirtualController } from "../controller/controller.ts";
import { l2capFrame } from "../l2cap/frames.ts";
import { advertisingData } from "../peripheral/advertising-data.ts";
import { VirtualPeripheral } from "../peripheral/peripheral.ts";
import { SnoopFile } from "./snoop-file.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "bodycam-snoop-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A session of a host with a camera, logged: it scans, connects, asks for an MTU and writes. */
function logged(file: string): void {
	const world = new World(createRandomness(5));
	const radio = new VirtualRadio(world);
	const log = new SnoopFile(
		file,
		() => 1_700_000_000_000_000 + world.now,
		() => undefined,
	);
	let received: (bytes: Uint8Array) => void = () => undefined;
	const controller = new VirtualController(
		{
			connect: (receiver) => {
				received = (bytes) => receiver.received(bytes);
			},
			write: (_bytes, done) => done(),
			pause: () => undefined,
			close: () => undefined,
		},
		{ radio, snoop: (packet, toHost) => log.add(packet, toHost) },
	);
	const camera = new VirtualPeripheral({
		radio,
		address: new DeviceAddress("c0:de:00:00:00:01"),
		services: [
			{ uuid: "fff0", characteristics: [{ uuid: "fff1", writeWithoutResponse: true, notify: true }] },
		],
		handlers: {},
	});
	camera.advertise({
		connectable: true,
		scannable: true,
		legacy: true,
		data: advertisingData({ flags: true }),
		response: advertisingData({ name: "camera 7" }),
		interval: 50_000,
	});
	const send = (hex: string): void => {
		received(Buffer.from(hex.replaceAll(" ", ""), "hex"));
		world.advanceTo(world.now + 1_000_000);
	};
	const att = (hex: string): void => {
		const frame = l2capFrame(4, Buffer.from(hex, "hex"));
		send(`020100${Buffer.from([frame.length, 0]).toString("hex")}${Buffer.from(frame).toString("hex")}`);
	};
	send("01030c00");
	send("010b2007 01 1000 1000 00 00");
	send("010c2002 01 00");
	send("010c2002 00 00");
	send("010d2019 6000 3000 00 01 01000000dec0 00 0600 1200 0000 2a00 0000 0000");
	att("02f201");
	att("520300c0ffee");
	controller.close();
	log.close();
}

function read(file: string, ...fields: readonly string[]): string[][] {
	const options = fields.flatMap((field) => ["-e", field]);
	const text = execFileSync("tshark", ["-r", file, "-T", "fields", "-E", "separator=|", ...options], {
		encoding: "utf8",
		stdio: ["ignore", "pipe", "ignore"],
	});
	return text
		.trimEnd()
		.split("\n")
		.map((line) => line.split("|"));
}

it.skipIf(!hasTools("tshark"))(
	"is read by Wireshark: commands, what was heard, data and their directions",
	() => {
		const file = join(folder, "hci.btsnoop");
		logged(file);
		const rows = read(
			file,
			"_ws.col.protocol",
			"hci_h4.direction",
			"bthci_cmd.opcode",
			"btcommon.eir_ad.entry.device_name",
			"btatt.opcode",
			"btatt.value",
			"_ws.malformed",
		);
		const opcodes = rows.map(([, , opcode = ""]) => opcode).filter((opcode) => opcode !== "");
		for (const opcode of ["0x0c03", "0x200b", "0x200c", "0x200d"]) expect(opcodes).toContain(opcode);
		expect(rows.some(([, , , name]) => name === "camera 7")).toBe(true);
		const att = rows.filter(([, , , , opcode]) => opcode !== "");
		expect(att.map(([, direction, , , opcode]) => [direction, opcode])).toEqual([
			["0x00", "0x02"],
			["0x01", "0x03"],
			["0x00", "0x52"],
		]);
		expect(att.at(-1)?.[5]).toBe("c0ffee");
		expect(rows.filter((row) => (row[6] ?? "") !== "")).toEqual([]);
		const times = read(file, "frame.time_epoch").map(([time]) => Number(time));
		expect(Math.floor(times[0] ?? 0)).toBe(1_700_000_000);
	},
);

it("says where it cannot be written", () => {
	const begin = (file: string) => () => new SnoopFile(file, Date.now, () => undefined);
	expect(begin(join(folder, "no", "such"))).toThrow(SimulatorError);
	expect(begin("/dev/full")).toThrow(SimulatorError);
});

it("says once that it is not complete and goes on without", () => {
	const pipe = join(folder, "pipe");
	execFileSync("mkfifo", [pipe]);
	const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
	const reasons: string[] = [];
	const log = new SnoopFile(pipe, Date.now, (reason) => reasons.push(reason));
	closeSync(reader);
	log.add(Uint8Array.of(4), true);
	log.add(Uint8Array.of(4), true);
	expect(reasons).toEqual([expect.stringContaining("is not complete")]);
});

it("begins anew over what was there", () => {
	const file = join(folder, "hci.btsnoop");
	for (let round = 0; round < 2; round++) new SnoopFile(file, Date.now, () => undefined).close();
	expect(readFileSync(file)).toHaveLength(16);
});
