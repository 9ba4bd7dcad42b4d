import type { CustodyFinding } from "@bodycam/protocol/custody/finding";
import type { CustodyReport, CustodyVerdict } from "@bodycam/protocol/custody/verifier";
import type { VerifiedContinuity, VerifiedEvidence } from "../operations/evidence/verify.ts";
import { formatBytes, formatCount, formatCounted, formatMoment } from "./format.ts";
import type { Terminal } from "./terminal.ts";

/** A recording that was verified, for people: what it is, what was found, and the verdict. */
export function describeVerified({ files, report }: VerifiedEvidence, terminal: Terminal): string {
	return [files.base, ...describeCustody(report, terminal).map((line) => `  ${line}`)].join("\n");
}

/** What a report says, in lines for people; the verdict is the last one. */
export function describeCustody(report: CustodyReport, terminal: Terminal): string[] {
	const { header, agency, segments, bytes, hash, reason, findings, more } = report;
	const lines: string[] = [];
	if (header !== undefined) {
		const whose = agency === undefined ? "" : ` of ${agency}`;
		lines.push(
			`recording ${header.recording} of camera ${header.device}${whose}, ${formatMoment(header.wallMs)}`,
			`${formatBytes(bytes)} in ${formatCounted(segments, "segment")}, ${comparedText(report)}; encrypted to ${formatCounted(header.recipients.length, "key")}`,
		);
	}
	if (reason !== undefined) lines.push(`reason ${reason}`);
	if (hash !== undefined) lines.push(`final hash ${Buffer.from(hash).toString("hex")}`);
	lines.push(...describeFindings(findings, terminal));
	if (more > 0) lines.push(`and ${formatCounted(more, "more finding")}`);
	const { verdict } = report;
	const unread = verdict !== "broken" && isUnread(report);
	lines.push(unread ? terminal.paint("yellow", `${verdict}: ${UNREAD}`) : paintVerdict(verdict, terminal));
	return lines;
}

/** Whether no part of the age file was compared with the record. */
function isUnread({ verified, findings }: CustodyReport): boolean {
	return verified === 0 && findings.some(({ code }) => code === "unread");
}

function comparedText(report: CustodyReport): string {
	return isUnread(report)
		? "none of them compared"
		: `${formatCount(report.verified)} of them as they were signed`;
}

/** What is said in place of the meaning of a verdict where the recording itself is not there. */
const UNREAD = "this is about its record alone; the recording was not looked at";

/** How two recordings follow one another, for people. */
export function describeContinuity(
	{ device, between: [earlier, later], findings }: VerifiedContinuity,
	terminal: Terminal,
): string {
	const which = `camera ${device}, recordings ${earlier} and ${later}`;
	if (findings.length === 0) return `${which}: ${terminal.paint("green", "one follows the other")}`;
	return [which, ...describeFindings(findings, terminal).map((line) => `  ${line}`)].join("\n");
}

/** A verdict and what it means. */
export function paintVerdict(verdict: CustodyVerdict, terminal: Terminal): string {
	return terminal.paint(COLORS[verdict], `${verdict}: ${MEANINGS[verdict]}`);
}

/** What each verdict means, in a few words. */
const MEANINGS: Readonly<Record<CustodyVerdict, string>> = {
	complete: "nothing was changed and nothing is missing",
	interrupted: "nothing was changed; the camera was cut off and has signed what is whole",
	incomplete: "nothing was changed, but it has no end that would show that nothing is missing",
	broken: "this is not what a camera has recorded",
};

const COLORS = { complete: "green", interrupted: "yellow", incomplete: "yellow", broken: "red" } as const;

/** What was found, one line each. */
export function describeFindings(findings: readonly CustodyFinding[], terminal: Terminal): string[] {
	return findings.map(({ severity, code, message }) =>
		terminal.paint(severity === "failure" ? "red" : "yellow", `${severity} (${code}): ${message}`),
	);
}
