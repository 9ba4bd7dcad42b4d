import type { Demand } from "@bodycam/protocol/camera/capture-terms";

const WORDS: Readonly<Record<Demand, string>> = { reason: "a reason", authorisation: "who authorised it" };

/** What is demanded of the wearer, in words. */
export function describeDemand(demand: Demand): string {
	return WORDS[demand];
}
