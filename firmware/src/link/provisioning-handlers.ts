import {
	factoryReset,
	factoryResetBegin,
	provisioningBegin,
	provisioningComplete,
	provisioningPolicy,
	provisioningRead,
} from "@bodycam/protocol/camera/provisioning";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { FactoryResetter } from "../trust/factory-resetter.ts";
import type { IdentityKeeper } from "../trust/identity-keeper.ts";
import type { Provisioner } from "../trust/provisioner.ts";

/** What the handlers of the provisioning group need. */
export interface ProvisioningServices {
	/** Serial number of the camera. */
	readonly serial: string;
	/** The camera's identity. */
	readonly keeper: Pick<IdentityKeeper, "state" | "identity" | "load">;
	/** Provisions it. */
	readonly provisioner: Pick<Provisioner, "begin" | "addPolicy" | "complete">;
	/** Resets it. */
	readonly resetter: Pick<FactoryResetter, "begin" | "reset">;
}

/** Answers the provisioning group. What begins something waits until the camera knows who it is. */
export function registerProvisioningHandlers(server: SmpServer, services: ProvisioningServices): void {
	const { serial, keeper, provisioner, resetter } = services;
	server.register(provisioningRead, async () => {
		await keeper.load();
		const membership = keeper.identity?.membership;
		return { state: keeper.state, serial, ...(membership === undefined ? {} : { membership }) };
	});
	server.register(provisioningBegin, async (request) => {
		await keeper.load();
		return provisioner.begin(request);
	});
	server.register(provisioningPolicy, (request) => ({ next: provisioner.addPolicy(request) }));
	server.register(provisioningComplete, (request) => provisioner.complete(request));
	server.register(factoryResetBegin, async () => {
		await keeper.load();
		return resetter.begin();
	});
	server.register(factoryReset, async ({ authorisation }) => {
		await resetter.reset(authorisation);
		return {};
	});
}
