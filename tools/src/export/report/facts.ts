import { formatRecipient } from "@bodycam/protocol/age/keys";
import { html, type Markup, type Part } from "./markup.ts";
import type { ReportInput } from "./report-input.ts";
import { bytesText, momentText, placeText, withinText } from "./time-text.ts";

/** What the verdicts mean for whoever reads a report. */
const VERDICTS = {
	complete: "Nothing was changed, left out or put in, and nothing is missing.",
	interrupted:
		"The recording was cut off. The camera has signed what it vouches for; nothing of that was changed, left out or put in.",
	incomplete:
		"Nothing of what is there was changed, left out or put in, but the end is missing: a power cut cannot be told from an end that was taken away.",
	broken: "This is not what the camera has recorded.",
} as const;

/** Verdict, where the recording comes from, and what the camera says about it. */
export function factsSection(input: ReportInput): Markup {
	const { report, header, end, timeline, original, privately } = input;
	return html`<section>
<p class="verdict ${report.verdict}"><strong>${report.verdict}</strong> ${VERDICTS[report.verdict]}</p>
${header.seeded ? html`<p class="warning">Test material: the camera's randomness came from a seed.</p>` : undefined}
${clipNotice(input)}
${findings(input)}
<h2>About the recording</h2>
<table class="facts">
${fact("camera", `${header.device}${report.agency === undefined ? "" : `, of ${report.agency}`}`)}
${fact("recording", `number ${header.recording}${header.resumes === undefined ? "" : `, goes on with number ${header.resumes}`}`)}
${fact("began", `${momentText(timeline.startedAt)}${timeline.uncertaintyMs === undefined ? "" : `, ${withinText(timeline.uncertaintyMs)}`}`)}
${fact("length", placeText(timeline.durationMs))}
${fact("before the trigger", placeText(end?.type === "final" ? end.preRecordMs : timeline.triggerMs))}
${fact("started by", header.source.replaceAll("-", " "))}
${fact("reason", report.reason)}
${fact("authorised by", privately?.authorisedBy)}
${fact("ended by", endText(input))}
${fact("wearer", header.wearer === undefined ? undefined : `${header.wearer} (a pseudonym; the agency knows the name)`)}
${fact("to be kept", header.retention === undefined ? undefined : `class ${header.retention.class}, ${days(header.retention.days)}`)}
${fact("encrypted to", html`${header.recipients.map((key) => html`<code>${formatRecipient(key)}</code><br>`)}`)}
${fact("age file", bytesText(original.bytes))}
${fact("SHA-256 of the age file", code(original.sha256))}
${fact("final hash", code(original.finalHash))}
${fact("SHA-256 of the firmware", code(hex(header.image)))}
${fact("SHA-256 of the policy", code(hex(header.policy)))}
</table>
</section>`;
}

function clipNotice({ original, video }: ReportInput): Markup | undefined {
	const { partMs } = original;
	if (partMs === undefined) return undefined;
	return html`<p class="warning">A clip, derived from the original: from ${placeText(video.fromMs)} to ${placeText(video.toMs)} of recording ${original.recording} of camera ${original.device}. Asked for was ${placeText(partMs.from)} to ${placeText(partMs.to)}; pictures can begin at a keyframe only. The original is the encrypted file beside it, and the verdict is about that.</p>`;
}

function findings({ report }: ReportInput): Markup | undefined {
	if (report.findings.length === 0) return undefined;
	return html`<ul class="findings">${report.findings.map(({ message }) => html`<li>${message}</li>`)}${report.more > 0 ? html`<li>and ${report.more} more</li>` : undefined}</ul>`;
}

function endText({ end }: ReportInput): string {
	if (end === undefined) return "unknown: it has no end";
	if (end.type === "final") return end.reason.replaceAll("-", " ");
	return `cut off (${end.reason}); at most ${(end.lostMs / 1000).toFixed(1)} s are lost`;
}

function fact(name: string, value: Part): Markup | undefined {
	return value === undefined ? undefined : html`<tr><th>${name}</th><td>${value}</td></tr>\n`;
}

function days(count: number): string {
	return count === 1 ? "1 day" : `${count} days`;
}

function code(text: string): Markup {
	return html`<code>${text}</code>`;
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
