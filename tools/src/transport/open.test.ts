import { expect, test } from "vitest";
import { NoSuchDeviceError, UsageError } from "../errors.ts";
import { openTransport } from "./open.ts";

test("a simulator's name leads to its address", async () => {
	const transport = await openTransport("sim:cam1", {
		resolveSimulator: async (name) => (name === "cam1" ? "udp:127.0.0.1:9" : undefined),
	});
	expect(transport.address).toBe("udp:127.0.0.1:9");
	await transport.close();
});

test.each([
	["that does not run", async () => undefined],
	["that leads to a name", async () => "sim:other"],
])("a simulator %s is no device", async (_, resolve) => {
	await expect(openTransport("sim:cam1", { resolveSimulator: resolve })).rejects.toThrow(NoSuchDeviceError);
});

test("a malformed address is a mistake of the caller", async () => {
	await expect(openTransport("cam1")).rejects.toThrow(UsageError);
});
