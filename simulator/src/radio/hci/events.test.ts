import { describe, expect, it } from "vitest";
import {
	advertisingReport,
	commandComplete,
	connectionComplete,
	extendedAdvertisingReports,
} from "./events.ts";

const address = { octets: Uint8Array.of(1, 2, 3, 4, 5, 6), type: 1 };
const heard = { address, response: false, connectable: true, scannable: true, legacy: true, rssi: -60 };

describe("HCI events", () => {
	it("say after a reset what noble waits for", () => {
		expect(Buffer.from(commandComplete(0x0c03, 0)).toString("hex")).toBe("040e0401030c00");
	});

	it("report a legacy advertisement with its signal strength last", () => {
		const bytes = advertisingReport({ ...heard, data: Uint8Array.of(2, 1, 6) });
		expect(Buffer.from(bytes).toString("hex")).toBe("043e0f0201000101020304050603020106c4");
	});

	it("give the plain and the enhanced form of a connection their lengths", () => {
		const parameters = { interval: 12, latency: 0, timeout: 42 };
		expect(connectionComplete(false, 0, 1, address, parameters).length).toBe(3 + 19);
		expect(connectionComplete(true, 0, 1, address, parameters).length).toBe(3 + 31);
	});

	it("cut a long extended advertisement into reports of which all but the last promise more", () => {
		const data = Uint8Array.from({ length: 500 }, (_value, index) => index & 0xff);
		const reports = extendedAdvertisingReports({ ...heard, legacy: false, data });
		expect(reports.map((report) => ((report[5] ?? 0) & 0x20) !== 0)).toEqual([true, true, false]);
		expect(Buffer.concat(reports.map((report) => report.subarray(29)))).toEqual(Buffer.from(data));
		for (const report of reports) expect(report.length).toBe(3 + (report[2] ?? 0));
	});
});
