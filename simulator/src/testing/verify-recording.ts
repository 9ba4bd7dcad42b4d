import { createHash } from "node:crypto";
import { checkNeighbours } from "@bodycam/protocol/custody/neighbours";
import type { CustodyReport } from "@bodycam/protocol/custody/verifier";
import { verifyCustody } from "@bodycam/protocol/custody/verify";
import { hostCrypto } from "../agency/throwaway-agency.ts";
import type { BootedCamera } from "./boot-camera.ts";

/** Verifies a recording as a prosecutor does: both files, pulled over the link, and the agency's root key. */
export async function verifyRecording(camera: BootedCamera, number: number): Promise<CustodyReport> {
	const age = camera.pullPart(number, "age");
	const digest = (offset: number, bytes: number) =>
		new Uint8Array(
			createHash("sha256")
				.update(age.subarray(offset, offset + bytes))
				.digest(),
		);
	return verifyCustody(
		camera.pullPart(number, "custody"),
		{ bytes: age.length, digest },
		{ crypto: hostCrypto, anchor: camera.agency?.anchor },
	);
}

/** What keeps recordings from following one another without a gap; empty when they do. */
export function gapsBetween(reports: readonly CustodyReport[]): string[] {
	return reports.flatMap((later, index) => {
		const earlier = reports[index - 1];
		return earlier === undefined ? [] : checkNeighbours(earlier, later).map(({ message }) => message);
	});
}
