import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
	type CameraAdvertisement,
	decodeCameraAdvertisement,
	encodeCameraAdvertisement,
	LIGHTS,
} from "./advertisement.ts";

const advertisement: fc.Arbitrary<CameraAdvertisement> = fc.record(
	{
		light: fc.constantFrom(...LIGHTS),
		batteryPercent: fc.integer({ min: 0, max: 100 }),
		charging: fc.boolean(),
		attention: fc.boolean(),
		full: fc.boolean(),
	},
	{ requiredKeys: ["light", "charging", "attention", "full"] },
);

describe("advertisement of a camera", () => {
	it("reads what was written", () => {
		fc.assert(
			fc.property(advertisement, (said) => {
				expect(decodeCameraAdvertisement(encodeCameraAdvertisement(said))).toEqual(said);
			}),
		);
	});

	it("has the octets that are documented", () => {
		const said: CameraAdvertisement = {
			light: "recording",
			batteryPercent: 80,
			charging: true,
			attention: true,
			full: false,
		};
		expect([...encodeCameraAdvertisement(said)]).toEqual([0xff, 0xff, 0xbc, 1, 2, 0xd0, 1]);
		const busy: CameraAdvertisement = { ...said, attention: false, full: true };
		expect([...encodeCameraAdvertisement(busy)]).toEqual([0xff, 0xff, 0xbc, 1, 2, 0xd0, 2]);
	});

	it("reads what a later camera appends to it", () => {
		const said: CameraAdvertisement = { light: "dark", charging: false, attention: false, full: false };
		const longer = Uint8Array.from([...encodeCameraAdvertisement(said), 9, 9]);
		expect(decodeCameraAdvertisement(longer)).toEqual(said);
	});

	it("takes no other bytes for a camera's", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
				const read = decodeCameraAdvertisement(bytes);
				if (read === undefined) return;
				expect(encodeCameraAdvertisement(read).subarray(0, 6)).toEqual(bytes.subarray(0, 6));
			}),
		);
		expect(decodeCameraAdvertisement(Uint8Array.of(0xff, 0xff, 0xbc, 1, 4, 50, 0))).toBeUndefined();
		expect(decodeCameraAdvertisement(Uint8Array.of(0xff, 0xff, 0xbc, 2, 0, 50, 0))).toBeUndefined();
		expect(decodeCameraAdvertisement(Uint8Array.of(0xff, 0xff, 0xbc, 1, 0, 101, 0))).toBeUndefined();
	});
});
