import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Log } from "../hal/log.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import type { ProvisioningServices } from "../link/provisioning-handlers.ts";
import { FactoryResetter } from "../trust/factory-resetter.ts";
import { IdentityKeeper } from "../trust/identity-keeper.ts";
import { type FirstPolicy, Provisioner } from "../trust/provisioner.ts";
import type { Hardware } from "./hardware.ts";

/** What trust needs of the other parts. */
export interface TrustParts {
	/** The wall clock. */
	readonly clock: RealTimeClock;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The log. */
	readonly log: Log;
	/** Where the first policy goes. */
	readonly policy: FirstPolicy;
	/** Names of the key-value entries that a factory reset removes besides the identity. */
	readonly entries: readonly string[];
	/** Numbers of the recordings on the card, in order; those that were erased are none. */
	readonly recordings: () => readonly number[];
	/** Whether a recording is being made. */
	readonly recording: () => boolean;
	/** Restarts a little later. */
	readonly restart: () => void;
	/** The camera has been provisioned. */
	readonly onProvisioned: () => void;
}

/** Opens the camera's identity, which `keeper.load` reads, with what provisions and resets it. */
export function openTrust(
	hardware: Hardware,
	parts: TrustParts,
): Omit<ProvisioningServices, "keeper"> & { readonly keeper: IdentityKeeper } {
	const { signature, keyValue, random } = hardware;
	const { serial } = hardware.identity;
	const keeper = new IdentityKeeper({ keyValue, signature, serial, log: parts.log });
	return {
		serial,
		keeper,
		provisioner: new Provisioner({ keeper, signature, random, serial, ...parts }),
		resetter: new FactoryResetter({ keeper, signature, random, serial, keyValue, ...parts }),
	};
}
