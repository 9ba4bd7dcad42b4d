import { encodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { advertisingData, scanResponse } from "./advertising-data.ts";

describe("advertising data", () => {
	it("holds flags, the SMP service and the camera's own data in one legacy advertisement", () => {
		const said = {
			light: "recording",
			batteryPercent: 80,
			charging: false,
			attention: true,
			full: false,
		} as const;
		const data = advertisingData(said);
		expect(data.length).toBeLessThanOrEqual(31);
		expect([...data.subarray(0, 5)]).toEqual([2, 1, 6, 17, 7]);
		expect([...data.subarray(5, 9)]).toEqual([0x84, 0xaa, 0x60, 0x74]);
		expect([...data.subarray(21)]).toEqual([8, 0xff, ...encodeCameraAdvertisement(said)]);
	});
});

describe("scan response", () => {
	it("holds the name", () => {
		expect([...scanResponse("cam1")]).toEqual([5, 9, 0x63, 0x61, 0x6d, 0x31]);
	});

	it("says of a name that does not fit that it is shortened", () => {
		expect([...scanResponse("a".repeat(40)).subarray(0, 2)]).toEqual([30, 8]);
	});

	it("holds whole characters of any name, from its beginning", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (name) => {
				const response = scanResponse(name);
				expect(response.length).toBeLessThanOrEqual(31);
				expect(name.startsWith(new TextDecoder("utf-8", { fatal: true }).decode(response.subarray(2)))).toBe(
					true,
				);
				expect(response[0]).toBe(response.length - 1);
			}),
		);
	});
});
