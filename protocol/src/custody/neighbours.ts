import { sameBytes } from "../trust/signed-document.ts";
import { type CustodyFinding, CustodyFindings } from "./finding.ts";
import type { CustodyReport } from "./verifier.ts";

/** What of a report tells its place among the recordings of a camera. */
export type CustodyNeighbour = Pick<CustodyReport, "header" | "hash"> &
	Partial<Pick<CustodyReport, "begun" | "verdict">>;

/**
 * Checks that one recording follows another of the same camera: numbers without a gap, and the hash of the earlier one
 * in the header of the later. One that was cut off may be named by the hash behind its header: the later one was begun
 * before the camera could close it.
 */
export function checkNeighbours(
	earlier: CustodyNeighbour,
	later: CustodyNeighbour,
): readonly CustodyFinding[] {
	const findings = new CustodyFindings();
	const [first, second] = [earlier.header, later.header];
	if (first === undefined || second === undefined || earlier.hash === undefined)
		findings.fail(
			"neighbour",
			"without the headers of both recordings nothing shows that one follows the other",
		);
	else if (first.device !== second.device)
		findings.fail("neighbour", `they are of two cameras, ${first.device} and ${second.device}`);
	else if (second.recording === first.recording)
		findings.fail(
			"neighbour",
			isSameRecording(earlier, later)
				? `recording ${first.recording} is there twice`
				: `there are two different recordings ${first.recording} of this camera`,
		);
	else if (second.recording < first.recording)
		findings.fail(
			"neighbour",
			`recording ${second.recording} does not come after recording ${first.recording}`,
		);
	else if (second.recording > first.recording + 1)
		findings.fail("missing", between(first.recording + 1, second.recording - 1));
	else if (!sameBytes(second.before, earlier.hash) && !begunBefore(second.before, earlier))
		findings.fail(
			"neighbour",
			`recording ${second.recording} names another recording ${first.recording} than this one: it was replaced, or its end was taken away`,
		);
	return findings.all;
}

/**
 * Whether two reports are of the same recording: camera, number, and final hash, which stands for the record up to its end. It
 * says nothing about the bytes of an age file that is not what its record says.
 */
export function isSameRecording(one: CustodyNeighbour, other: CustodyNeighbour): boolean {
	const [first, second] = [one.header, other.header];
	if (first === undefined || second === undefined || one.hash === undefined || other.hash === undefined)
		return false;
	return (
		first.device === second.device && first.recording === second.recording && sameBytes(one.hash, other.hash)
	);
}

/** Whether a hash is the one behind the header of a recording that was cut off. */
function begunBefore(before: Uint8Array, { verdict, begun }: CustodyNeighbour): boolean {
	const cut = verdict === "interrupted" || verdict === "incomplete";
	return cut && begun !== undefined && sameBytes(before, begun);
}

function between(first: number, last: number): string {
	return first === last ? `recording ${first} is missing` : `recordings ${first} to ${last} are missing`;
}
