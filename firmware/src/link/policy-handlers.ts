import { POLICY_REFUSAL_ERRORS, policyInstall, policyRead } from "@bodycam/protocol/camera/policy";
import { PolicyRefusal } from "@bodycam/protocol/policy/signed";
import { GroupError } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { PolicyKeeper } from "../policy/policy-keeper.ts";
import type { PolicyReceiver } from "../policy/policy-receiver.ts";
import { PAGE_BYTES } from "./limits.ts";

/** Bytes the status takes in an answer at most. */
const STATUS_BYTES = 256;

/** What the handlers of the policy group need. */
export interface PolicyServices {
	/** Which policy is in force. */
	readonly keeper: Pick<PolicyKeeper, "status" | "read">;
	/** Takes chunks of another one. */
	readonly receiver: Pick<PolicyReceiver, "receive">;
}

/** Answers the policy group. */
export function registerPolicyHandlers(server: SmpServer, { keeper, receiver }: PolicyServices): void {
	server.register(policyRead, async ({ off }) => {
		const status = keeper.status();
		if (off === undefined) return { status };
		const signed = (await keeper.read()) ?? new Uint8Array(0);
		return { status, data: signed.slice(off, off + PAGE_BYTES - STATUS_BYTES) };
	});
	server.register(policyInstall, async (chunk) => {
		try {
			const next = await receiver.receive(chunk);
			return next === chunk.total ? { next, status: keeper.status() } : { next };
		} catch (error) {
			if (!(error instanceof PolicyRefusal)) throw error;
			throw new GroupError(POLICY_REFUSAL_ERRORS[error.reason], error.message);
		}
	});
}
