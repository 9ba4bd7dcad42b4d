import { captureAnswer } from "@bodycam/protocol/camera/capture";
import type { Demand } from "@bodycam/protocol/camera/capture-terms";
import type { RequestOptions, SmpClient } from "./smp-client.ts";

/** What is answered about a recording. */
export interface Answer {
	/** A reason code of the policy. */
	readonly reason?: string | undefined;
	/** Name or office of who authorised recording in a home. */
	readonly authorisedBy?: string | undefined;
}

/**
 * Answers what the wearer owes about a recording; what is still owed, undefined when nothing is.
 * @throws {RefusedError} when that is not demanded, the policy has no such reason, or the card cannot keep it
 */
export async function answerDemand(
	client: SmpClient,
	recording: number,
	answer: Answer,
	options?: RequestOptions,
): Promise<Demand | undefined> {
	return (await client.request(captureAnswer, { recording, ...answer }, options)).left;
}
