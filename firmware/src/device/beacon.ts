import type { Light } from "@bodycam/protocol/camera/advertisement";
import type { Fault } from "@bodycam/protocol/camera/terms";
import type { Battery } from "../hal/battery.ts";
import type { GattServer } from "../hal/gatt-server.ts";
import { advertisingData, scanResponse } from "../link/advertising-data.ts";

/** Time from one advertisement to the next, µs: one of those at which phones and computers find a device soon. */
const INTERVAL = 211_250;

/** What is advertised besides the light. */
export interface BeaconSources {
	/** Name of the camera, for people. */
	readonly name: () => string;
	/** The battery. */
	readonly battery: Pick<Battery, "read">;
	/** The faults present. */
	readonly faults: () => readonly Fault[];
	/** Whether it has all the clients it takes. */
	readonly full: () => boolean;
}

/**
 * Advertises the camera: its name, what its public light shows, its battery, whether it needs attention and whether
 * it has all the clients it takes. The light is what the light is told to show, so that the air never says more than it.
 */
export class Beacon {
	private sources: BeaconSources | undefined;
	private gatt: Pick<GattServer, "startAdvertising"> | undefined;
	private light: Light = "dark";
	private told = "";

	/** There is a radio: advertises from now on. */
	begin(gatt: Pick<GattServer, "startAdvertising">, sources: BeaconSources): void {
		this.gatt = gatt;
		this.sources = sources;
		this.changed();
	}

	/** The public light shows something else. */
	lightShown(light: Light): void {
		this.light = light;
		this.changed();
	}

	/** Something of what is advertised may have changed. */
	changed(): void {
		const { gatt, sources, light } = this;
		if (gatt === undefined || sources === undefined) return;
		const reading = sources.battery.read();
		const name = sources.name();
		const attention = sources.faults().length > 0;
		const { percent: batteryPercent, charging = false } = reading ?? {};
		const full = sources.full();
		const telling = `${light} ${batteryPercent} ${charging} ${attention} ${full} ${name}`;
		if (telling === this.told) return;
		this.told = telling;
		const data = advertisingData({ light, batteryPercent, charging, attention, full });
		gatt.startAdvertising(data, scanResponse(name), INTERVAL);
	}
}
