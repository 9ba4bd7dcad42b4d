import { PREFERRED_MTU } from "@bodycam/protocol/smp/ble";
import { ProtocolError } from "../../errors.ts";

/** The MTU every device has (Bluetooth Core, Vol 3 Part G, section 5.2.1). */
const SMALLEST_MTU = 23;

/**
 * The MTU that holds, octets: the smaller of what both ends can do. noble tells the camera's alone, and a write that is
 * longer than the smaller one is lost without a word.
 * @param theirs - what the camera said; null where it said nothing
 * @throws {ProtocolError} for one below the least there is
 */
export function agreedMtu(target: string, theirs: number | null): number {
	const agreed = Math.min(PREFERRED_MTU, theirs ?? SMALLEST_MTU);
	if (agreed >= SMALLEST_MTU) return agreed;
	throw new ProtocolError(
		`${target} wants an MTU of ${agreed} octets, ${SMALLEST_MTU} is the least there is`,
		{
			hint: "Its firmware, or what stands between, is not made for this. Update the firmware over a cable.",
		},
	);
}
