import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { parseAddress } from "./address.ts";

test.each([
	["serial:/dev/ttyACM0", { kind: "serial", path: "/dev/ttyACM0", baudRate: 115_200, framing: "auto" }],
	["serial:COM3?baud=921600", { kind: "serial", path: "COM3", baudRate: 921_600, framing: "auto" }],
	[
		"serial:COM3?baud=921600&framing=console",
		{ kind: "serial", path: "COM3", baudRate: 921_600, framing: "console" },
	],
	["udp:192.0.2.7", { kind: "udp", host: "192.0.2.7", port: 1337 }],
	["udp:camera.example:4000", { kind: "udp", host: "camera.example", port: 4000 }],
	["udp:[2001:db8::7]:4000", { kind: "udp", host: "2001:db8::7", port: 4000 }],
	["ble:Camera 7", { kind: "ble", target: "Camera 7" }],
	["ble:C0:DE:00:00:00:01", { kind: "ble", target: "C0:DE:00:00:00:01" }],
	["sim:cam1", { kind: "sim", name: "cam1" }],
])("%s is understood", (address, parsed) => {
	expect(parseAddress(address)).toEqual(parsed);
});

describe("a mistake in an address is named, with what addresses look like", () => {
	test.each([
		["", "the device address is empty"],
		["/dev/ttyACM0", "the kind of line is missing"],
		["tcp:localhost:1", 'there is no kind of line "tcp"'],
		["serial:", "the port is missing"],
		["serial:/dev/x?baud=fast", '"baud=fast" is no setting of a serial port'],
		["serial:/dev/x?framing=slip", '"framing=slip" is no setting of a serial port'],
		["serial:/dev/x?baud=0", "0 baud is no speed"],
		["udp:", "that is no host and port"],
		["udp:host:port", "that is no host and port"],
		["udp:host:0", "there is no port 0"],
		["udp:host:70000", "there is no port 70000"],
		["ble:", "that is no name and no address of a camera"],
		["ble:\n", "that is no name and no address of a camera"],
		["sim:", "that is no name of a simulator"],
		["sim:../x", "that is no name of a simulator"],
	])("%j", (address, problem) => {
		expect(() => parseAddress(address)).toThrow(UsageError);
		expect(() => parseAddress(address)).toThrow(problem);
		try {
			parseAddress(address);
		} catch (error) {
			expect(error).toMatchObject({ exitCode: 2, hint: expect.stringContaining("serial:/dev/ttyACM0") });
		}
	});
});

test.each(["/dev/ttyS0", "COM3"])("%s is taken for a serial port in the advice", (path) => {
	expect(() => parseAddress(path)).toThrow(
		expect.objectContaining({ hint: expect.stringContaining(`Did you mean serial:${path}?`) }),
	);
});
