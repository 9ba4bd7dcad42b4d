import { SPAN_TEXTS } from "../happening-text.ts";
import type { Span } from "../timeline.ts";
import { type Chapter, chaptersOf } from "./chapters.ts";
import { html, type Markup } from "./markup.ts";
import type { ReportInput } from "./report-input.ts";
import { momentText, placeText } from "./time-text.ts";

/** Width of the picture of the course, in its own units. */
const WIDTH = 1000;

/** The video, links to its chapters, and a picture of what the camera did when. */
export function courseSection(input: ReportInput): Markup {
	const chapters = chaptersOf(input);
	const { name } = input.video;
	return html`<section>
<h2>${input.original.partMs === undefined ? "The recording" : "The clip"}</h2>
<video id="video" src="${name}" controls preload="metadata" playsinline></video>
<p class="note">If it does not play here, open <a href="${name}">${name}</a> in a player.</p>
${bar(input)}
<h3>Chapters</h3>
<table class="chapters"><thead><tr><th>place</th><th>time of day</th><th>what</th></tr></thead><tbody>
${chapters.map((chapter) => row(chapter, name))}</tbody></table>
</section>`;
}

function row({ atMs, videoMs, kind, text, wallMs }: Chapter, file: string): Markup {
	const seconds = (Math.floor(videoMs / 100) / 10).toFixed(1);
	return html`<tr class="${kind}"><td><a href="${file}#t=${seconds}" data-seconds="${seconds}">${placeText(atMs)}</a></td><td>${wallMs === undefined ? "" : momentText(wallMs)}</td><td>${text}</td></tr>
`;
}

/** What the camera did, from left to right; a clip's part is framed. */
function bar(input: ReportInput): Markup {
	const { timeline, original, video } = input;
	const total = Math.max(1, timeline.durationMs);
	const x = (ms: number): string => ((Math.min(total, Math.max(0, ms)) / total) * WIDTH).toFixed(1);
	const width = (span: Pick<Span, "fromMs" | "toMs">): string =>
		Math.max(1, Number(x(span.toMs)) - Number(x(span.fromMs))).toFixed(1);
	const used = [...new Set(timeline.spans.map(({ state }) => state))];
	return html`<h3>What the camera did</h3>
<svg class="bar" viewBox="0 0 ${WIDTH} 64" role="img" aria-label="What the camera did over time">
${timeline.spans.map(
	(
		span,
	) => html`<rect class="${span.state}" x="${x(span.fromMs)}" y="8" width="${width(span)}" height="24"><title>${placeText(span.fromMs)} to ${placeText(span.toMs)}: ${SPAN_TEXTS[span.state]}${span.sound ? "" : ", without sound"}</title></rect>
${span.sound ? html`<rect class="sound" x="${x(span.fromMs)}" y="32" width="${width(span)}" height="6"><title>with sound</title></rect>` : undefined}`,
)}
${timeline.happenings.filter(({ afterwards }) => !afterwards).map(({ atMs }) => html`<line x1="${x(atMs)}" y1="2" x2="${x(atMs)}" y2="42"/>`)}
${original.partMs === undefined ? undefined : html`<rect class="part" x="${x(video.fromMs)}" y="3" width="${width(video)}" height="39"/>`}
<text x="0" y="58">${placeText(0)}</text><text x="${WIDTH}" y="58" text-anchor="end">${placeText(timeline.durationMs)}</text>
</svg>
<p class="legend">${used.map((state) => html`<span class="${state}">${SPAN_TEXTS[state]}</span> `)}<span class="sound">sound</span></p>`;
}
