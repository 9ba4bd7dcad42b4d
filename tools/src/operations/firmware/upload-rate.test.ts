import { type Firmware, projectFirmware } from "@bodycam/simulator/simulator/firmware";
import { beforeAll, expect, test } from "vitest";
import { measureUpload } from "../../testing/upload-rate.ts";

// In virtual time: the same figures on every machine.

let firmware: Firmware;
beforeAll(async () => {
	firmware = await projectFirmware();
});

test.each(["console", "raw"] as const)(
	"an upload at 921,600 baud in %s framing takes at least nineteen twentieths of what the line can carry",
	async (framing) => {
		const { rate, limit } = await measureUpload(firmware, { baud: 921_600, framing, window: 8 });
		expect(rate / limit).toBeGreaterThan(0.95);
		expect(rate / limit).toBeLessThanOrEqual(1);
	},
);

test("binary frames carry a third more than console framing", async () => {
	const measure = (framing: "console" | "raw") =>
		measureUpload(firmware, { baud: 921_600, framing, window: 4 });
	const [console, raw] = [await measure("console"), await measure("raw")];
	expect(raw.rate / console.rate).toBeGreaterThan(1.33);
});
