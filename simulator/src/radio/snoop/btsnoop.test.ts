import { describe, expect, it } from "vitest";
import { snoopHeader, snoopRecord } from "./btsnoop.ts";

describe("btsnoop", () => {
	it("begins with its name, its version and the type of HCI on a UART", () => {
		expect(Buffer.from(snoopHeader()).toString("hex")).toBe("6274736e6f6f700000000001000003ea");
	});

	it("marks direction and kind of a packet and counts time from the year 0", () => {
		const event = Buffer.from(snoopRecord(Uint8Array.of(4, 0x0e, 0), true, 1_000_000)).toString("hex");
		expect(event).toBe("0000000300000003000000030000000000dcddb30f3ec240040e00");
		const data = snoopRecord(Uint8Array.of(2, 1, 0, 0, 0), false, 0);
		expect([data[11], data.length]).toEqual([0, 29]);
	});
});
