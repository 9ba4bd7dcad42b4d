import type { LinkParameters } from "../air/link-end.ts";
import type { ParameterReader } from "../hci/parameters.ts";

/** Bounds of a connection's parameters (Bluetooth Core, Vol 4 Part E, section 7.8.12). */
const SHORTEST_INTERVAL = 6;
const LONGEST_INTERVAL = 3200;
const MAXIMUM_LATENCY = 499;
const SHORTEST_TIMEOUT = 10;
const LONGEST_TIMEOUT = 3200;

/**
 * Reads minimum and maximum interval, latency and timeout, and chooses the interval within them that is closest to
 * `preferred`. Undefined where they contradict each other or the specification.
 * @throws TruncatedParametersError where they are not whole
 */
export function chosenParameters(fields: ParameterReader, preferred: number): LinkParameters | undefined {
	const minimum = fields.u16();
	const maximum = fields.u16();
	const latency = fields.u16();
	const timeout = fields.u16();
	// How long an event should be makes no difference here.
	fields.bytes(4);
	const interval = Math.min(maximum, Math.max(minimum, preferred));
	const valid =
		minimum >= SHORTEST_INTERVAL &&
		maximum >= minimum &&
		maximum <= LONGEST_INTERVAL &&
		latency <= MAXIMUM_LATENCY &&
		timeout >= SHORTEST_TIMEOUT &&
		timeout <= LONGEST_TIMEOUT &&
		timeout * 10 > (1 + latency) * maximum * 1.25 * 2;
	return valid ? { interval, latency, timeout } : undefined;
}
