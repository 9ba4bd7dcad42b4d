import { PREFERRED_MTU } from "@bodycam/protocol/smp/ble";
import { ENGINES } from "@bodycam/simulator/machine/engine-name";
import { throughputCeiling } from "@bodycam/simulator/radio/air/airtime";
import { projectFirmware } from "@bodycam/simulator/simulator/firmware";
import { mcuAvailable } from "@bodycam/simulator/testing/engines";
import { describe, expect, it } from "vitest";
import { measureBlePull, measureBleUpload } from "./ble-rate.ts";

/** What the radio of these transfers can carry at most: 15 ms, 2M PHY, data length 251. */
const CEILING = throughputCeiling({ interval: 15_000, phy: 2, octets: 251, mtu: PREFERRED_MTU });

describe.each(ENGINES)("on %s", (engine) => {
	it.skipIf(engine !== "wasm" && !mcuAvailable())(
		"an upload over Bluetooth reaches nine tenths of what the air carries",
		async () => {
			const firmware = await projectFirmware();
			const { rate } = await measureBleUpload({ firmware, engine, loss: 0 });
			expect(rate / CEILING).toBeGreaterThan(0.9);
			expect(rate / CEILING).toBeLessThan(1);
		},
	);
});

it("a pull over Bluetooth at 2 % loss reaches seven eighths of what the air carries without any", async () => {
	const firmware = await projectFirmware();
	const { rate } = await measureBlePull({ firmware, engine: "wasm", recordedMs: 15_000, loss: 0.02 });
	expect(rate / CEILING).toBeGreaterThan(0.875);
});
