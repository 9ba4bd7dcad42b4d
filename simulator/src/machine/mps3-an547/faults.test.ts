import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { mcuFaultyImage } from "@bodycam/firmware/mps3-an547";
import { describe, expect, it } from "vitest";
import { beginToRecord, expectComeback } from "../../testing/after-a-crash.ts";
import { bootCamera } from "../../testing/boot-camera.ts";
import { mcuAvailable } from "../../testing/engines.ts";
import { happenInProcessor } from "../../testing/misfortunes.ts";
import { createMps3Machine, requireImage } from "./mps3-machine.ts";

describe.skipIf(!mcuAvailable())(
	"a processor that fails while its camera records",
	{ timeout: 180_000 },
	() => {
		it.each([
			[
				"a null pointer",
				"n",
				"exception",
				/memory fault 4 at 0x110[0-9a-f]{5}, CFSR 0x00000082, .* address 0x00000000/,
			],
			[
				"a null pointer with interrupts off",
				"p",
				"exception",
				/hard fault 3 at 0x110[0-9a-f]{5}, .* HFSR 0x40000000/,
			],
			["a write to the code", "w", "exception", /memory fault 4 at 0x110/],
			["an address without a device", "b", "exception", /bus fault 5 at 0x110/],
			["an undefined instruction", "u", "exception", /usage fault 6 at 0x110/],
			["a full C stack", "s", "stack-overflow", /C stack overflow/],
			["an endless loop in C", "l", "watchdog", /watchdog: the processor was busy for 1 s .* at 0x110/],
		])(
			"over %s is reset, and the camera says so with registers and image",
			async (_, letter, reason, why) => {
				const image = requireImage(mcuFaultyImage());
				const camera = await bootCamera({
					preRecordSeconds: 1,
					onCrash: "reboot",
					createMachine: (options) => createMps3Machine({ ...options, image }),
				});
				beginToRecord(camera);
				happenInProcessor(camera, letter);
				await expectComeback(camera, reason, why);
				const { buildId } = JSON.parse(readFileSync(join(dirname(image), "bodycam.json"), "utf8"));
				expect(camera.resets[0]?.message).toMatch(/r0 [0-9a-f]{8}, .*\n.*\n.*\n.*pc [0-9a-f]{8}\n/);
				expect(camera.resets[0]?.message).toContain(`image ${buildId}`);
			},
		);
	},
);
