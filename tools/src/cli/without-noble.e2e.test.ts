import type { Status } from "@bodycam/protocol/camera/status";
import { expect } from "vitest";
import { benchTest } from "./testing/bench-test.ts";

const LIMIT_MS = 120_000;

const inUrl = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;

/** A computer on which nothing of noble can be loaded. */
const WITHOUT_NOBLE = {
	NODE_OPTIONS: `--import ${inUrl(
		`import { register } from "node:module"; register(${JSON.stringify(
			inUrl(
				`export const resolve = (name, context, next) => {
					if (name.includes("stoprocent")) throw new Error("no native build");
					return next(name, context);
				};`,
			),
		)});`,
	)}`,
};

benchTest(
	"serial ports, the network and lists work where the Bluetooth library cannot be loaded, and Bluetooth says that it cannot",
	async ({ bench }) => {
		const { serial = "", hci: [port = ""] = [] } = await bench.simulate(
			"--name",
			"cam1",
			"--ble",
			"--serial",
		);
		for (const device of ["sim:cam1", serial]) {
			const asked = await bench.runWith(WITHOUT_NOBLE, "status", "-d", device, "--json");
			expect([asked.code, asked.stderr]).toEqual([0, ""]);
			expect((JSON.parse(asked.stdout) as Status).device.name).toBe("cam1");
		}
		const listed = await bench.runWith(WITHOUT_NOBLE, "list");
		expect([listed.code, listed.stdout, listed.stderr]).toEqual([0, expect.stringContaining("sim:cam1"), ""]);
		const asked = await bench.runWith(WITHOUT_NOBLE, "status", "-d", "ble:cam1", "--hci", port);
		expect([asked.code, asked.stderr]).toEqual([
			5,
			expect.stringContaining("Bluetooth cannot be used on this computer: no native build"),
		]);
	},
	LIMIT_MS,
);
