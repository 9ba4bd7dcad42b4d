import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { AgencyTrust } from "@bodycam/protocol/trust/chain";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import { FirstPolicyKeeper } from "../policy/first-policy.ts";
import { PolicyKeeper } from "../policy/policy-keeper.ts";
import { PolicyReceiver } from "../policy/policy-receiver.ts";
import { PolicyStore } from "../policy/policy-store.ts";
import type { RecordingBase } from "../recorder/recorder-interface.ts";
import type { Hardware } from "./hardware.ts";

/** What the policy keeper needs of the other parts of the camera. */
export interface PolicyConnections {
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time">;
	/** Whose documents the camera follows; undefined unless it is provisioned. */
	readonly trust: () => AgencyTrust | undefined;
	/** Languages in which the camera can speak. */
	readonly prompts: ReadonlySet<string>;
	/** Whether a recording is under way. */
	readonly recording: () => boolean;
	/** What is in force has changed. */
	readonly onChange: () => void;
}

/** What `openPolicy` opens. */
export interface PolicyParts {
	/** Says what is in force. */
	readonly keeper: PolicyKeeper;
	/** Takes policies from the link. */
	readonly receiver: PolicyReceiver;
	/** Takes the policy that comes with provisioning. */
	readonly first: FirstPolicyKeeper;
}

/** Opens the policy keeper, and what brings policies to it. */
export function openPolicy(hardware: Hardware, connections: PolicyConnections): PolicyParts {
	const { keyValue, signature: crypto, timers } = hardware;
	const { clock, trust, ...others } = connections;
	const store = new PolicyStore(keyValue);
	const keeper = new PolicyKeeper({
		...others,
		store,
		authority: () => {
			const found = trust();
			return found && { agency: found.agency, key: found.policySigningKey };
		},
		crypto,
		wallClock: () => clock.time,
		timers,
	});
	const receiver = new PolicyReceiver({
		crypto,
		install: (signed) => keeper.install(signed),
		onRefused: (refusal) => keeper.refused(refusal),
	});
	const { prompts } = connections;
	return { keeper, receiver, first: new FirstPolicyKeeper({ store, crypto, prompts }) };
}

/** What the metadata of a recording says about the policy in force. */
export function policyFacts(
	keeper: Pick<PolicyKeeper, "effective" | "sha256">,
): Pick<RecordingBase, "policy" | "retention"> {
	const { sha256 } = keeper;
	if (sha256 === undefined) return {};
	const { name, version, retention } = keeper.effective;
	return { policy: { name, version, sha256 }, retention };
}
