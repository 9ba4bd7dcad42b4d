import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import type { Status } from "@bodycam/protocol/camera/status";
import { describe, expect, test } from "vitest";
import { NoSuchDeviceError } from "../../errors.ts";
import { checkBluetooth, checkHci, checkNoble } from "./bluetooth.ts";
import { checkCamera } from "./cameras.ts";
import type { Host } from "./host.ts";
import { checkNode, checkSerial } from "./machine.ts";
import { checkToolchains } from "./toolchains.ts";

interface Files {
	readonly directories?: Readonly<Record<string, readonly string[]>>;
	readonly files?: Readonly<Record<string, string>>;
	readonly usable?: readonly string[];
	readonly programs?: Readonly<Record<string, string>>;
}

const host = (
	{ directories = {}, files = {}, usable = [], programs = {} }: Files,
	more: Partial<Host> = {},
): Host => ({
	platform: "linux",
	node: "22.1.0",
	program: "/opt/node/bin/node",
	list: (directory) => directories[directory] ?? [],
	read: (file) => files[file],
	mayUse: (file) => usable.includes(file),
	groupOf: () => 20,
	run: async (program) => programs[program],
	...more,
});

test.each([
	["18.20.4", "problem"],
	["20.18.1", "problem"],
	["20.19.0", "ok"],
	["26.0.0", "ok"],
])("Node %s: %s", (node, severity) => {
	expect(checkNode(host({}, { node })).severity).toBe(severity);
});

describe("serial ports", () => {
	const directories = { "/dev": ["tty0", "ttyACM0", "ttyUSB1", "ttyS0"] };

	test("that may be opened are fine", () => {
		expect(checkSerial(host({ directories, usable: ["/dev/ttyACM0", "/dev/ttyUSB1"] }))).toEqual({
			subject: "serial",
			severity: "ok",
			text: "you may open ttyACM0, ttyUSB1",
		});
	});

	test("that may not name the group that owns them, and the udev rule", () => {
		const files = { "/etc/group": "root:x:0:\nuucp:x:20:\n" };
		const found = checkSerial(host({ directories, files, usable: ["/dev/ttyUSB1"] }));
		expect(found).toMatchObject({ severity: "problem", text: "you may not open ttyACM0" });
		expect(found.advice).toContain("sudo usermod -aG uucp $USER");
		expect(found.advice).toContain('SUBSYSTEM=="tty", ATTRS{idVendor}=="0483", TAG+="uaccess"');
	});

	test("that are not there are no problem", () => {
		expect(checkSerial(host({}))).toMatchObject({ severity: "note" });
	});
});

describe("Bluetooth", () => {
	const directories = { "/sys/class/bluetooth": ["hci0"], "/sys/class/rfkill": ["rfkill3"] };
	const rfkill = (soft: string) => ({
		"/sys/class/rfkill/rfkill3/type": "bluetooth\n",
		"/sys/class/rfkill/rfkill3/soft": `${soft}\n`,
	});

	const capable = (capabilities: string) => ({ "/proc/self/status": `CapEff:\t${capabilities}\n` });
	const both = { ...rfkill("0"), ...capable("0000000000003000") };

	test.each([
		["no adapter", host({}), "note"],
		["an adapter", host({ directories, files: both }), "ok"],
		["an adapter that is switched off", host({ directories, files: rfkill("1") }), "problem"],
		["a Mac", host({}, { platform: "darwin" }), "note"],
	])("%s", (_, computer, severity) => {
		expect(checkBluetooth(computer).severity).toBe(severity);
	});

	test("an adapter that may not be used comes with the command that lets Node use it", () => {
		const files = { ...rfkill("0"), ...capable("0000000000000000") };
		const found = checkBluetooth(host({ directories, files }));
		expect(found).toMatchObject({ severity: "note", text: "you may not use hci0" });
		expect(found.advice).toContain('sudo setcap cap_net_raw+eip "$(readlink -f /opt/node/bin/node)"');
	});

	test("a library that does not load is a note: all else works without it", async () => {
		expect((await checkNoble(async () => undefined)).severity).toBe("ok");
		const found = await checkNoble(() => Promise.reject(new Error("no native build\nlong story")));
		expect(found).toMatchObject({ severity: "note", text: expect.stringMatching(/: no native build$/) });
	});

	test("an HCI port that is not there is a problem", async () => {
		expect(await checkHci("/dev/no-such-port")).toMatchObject({ subject: "hci", severity: "problem" });
	});
});

test("toolchains are named with their version, or with what they are for and how to get them", async () => {
	const programs = { "qemu-system-arm": "QEMU emulator version 7.2.22 (Debian 1:7.2)\n" };
	const [gcc, qemu] = await checkToolchains(host({ programs }));
	expect(gcc).toMatchObject({ severity: "note", text: expect.stringContaining("npm run mcu:build") });
	expect(gcc?.advice).toContain("gcc-arm-none-eabi");
	expect(qemu).toEqual({ subject: "qemu-system-arm", severity: "ok", text: "7.2.22" });
});

describe("a camera", () => {
	const status = { device: { build: "0123456789abcdef", engine: "xs-wasm 13.3.0" } } as Status;
	const firmware = { abi: 1, engine: "xs-wasm 13.3.0" } as FirmwareStatus;
	const engine = { abi: 1, engine: [13, 3, 0] } as const;

	test("that fits", async () => {
		expect(await checkCamera("sim:a", async () => ({ status, firmware }), engine)).toMatchObject({
			severity: "ok",
		});
	});

	test.each([
		[
			"of another ABI",
			{ status, firmware: { ...firmware, abi: 2 } },
			/ABI 2; what is built here is for ABI 1, XS 13\.3\.0/,
		],
		[
			"of another engine",
			{ status, firmware: { ...firmware, engine: "xs-wasm 14.0.0" } },
			/does not run there/,
		],
		["that is too old", { status, firmware: undefined }, /too old/],
	])("%s is a problem", async (_, facts, text) => {
		const found = await checkCamera("sim:a", async () => facts, engine);
		expect(found).toMatchObject({ severity: "problem", text: expect.stringMatching(text) });
	});

	test("that is not there is told as such", async () => {
		const ask = () => Promise.reject(new NoSuchDeviceError("there is none", { hint: "plug it in" }));
		expect(await checkCamera("sim:a", ask, engine)).toEqual({
			subject: "sim:a",
			severity: "problem",
			text: "there is none",
			advice: "plug it in",
		});
	});
});
