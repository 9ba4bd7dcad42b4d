import { decodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import type { Fault } from "@bodycam/protocol/camera/terms";
import { describe, expect, it } from "vitest";
import type { BatteryReading } from "../hal/battery.ts";
import { Beacon } from "./beacon.ts";

/** Where the camera's own data begin: after flags, service and the head of their structure. */
const OWN_AT = 23;

function setup() {
	const said: string[] = [];
	const state: { name: string; reading: BatteryReading | undefined; faults: Fault[]; full: boolean } = {
		name: "cam1",
		reading: undefined,
		faults: [],
		full: false,
	};
	const beacon = new Beacon();
	const begin = () =>
		beacon.begin(
			{
				startAdvertising: (data, response, interval) => {
					const own = decodeCameraAdvertisement(data.subarray(OWN_AT));
					const name = new TextDecoder().decode(response.subarray(2));
					said.push(
						`${name} ${own?.light} ${own?.batteryPercent} ${own?.attention}${own?.full ? " full" : ""} ${interval}`,
					);
				},
			},
			{
				name: () => state.name,
				battery: { read: () => state.reading },
				faults: () => state.faults,
				full: () => state.full,
			},
		);
	return { beacon, begin, state, said };
}

describe("Beacon", () => {
	it("advertises nothing before there is a radio, and then what is so", () => {
		const { beacon, begin, said } = setup();
		beacon.lightShown("recording");
		beacon.changed();
		expect(said).toEqual([]);
		begin();
		expect(said).toEqual(["cam1 recording undefined false 211250"]);
	});

	it("advertises every change once", () => {
		const { beacon, begin, state, said } = setup();
		begin();
		state.reading = { percent: 80, millivolt: 3900, charging: false, minutesLeft: 300 };
		beacon.changed();
		beacon.changed();
		state.reading = { ...state.reading, millivolt: 3899, minutesLeft: 299 };
		beacon.changed();
		state.faults.push("card-missing");
		beacon.changed();
		state.name = "desk";
		beacon.changed();
		beacon.lightShown("warning");
		state.full = true;
		beacon.changed();
		expect(said).toEqual([
			"cam1 dark undefined false 211250",
			"cam1 dark 80 false 211250",
			"cam1 dark 80 true 211250",
			"desk dark 80 true 211250",
			"desk warning 80 true 211250",
			"desk warning 80 true full 211250",
		]);
	});
});
