import { createHash } from "node:crypto";
import { titleOf } from "../original.ts";
import { courseSection } from "./course.ts";
import { factsSection } from "./facts.ts";
import { guideSection } from "./guide.ts";
import { html, Markup } from "./markup.ts";
import type { ReportInput } from "./report-input.ts";

const STYLE = `
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
video { width: 100%; max-height: 70vh; background: #000; }
code, pre { font-family: ui-monospace, monospace; font-size: 0.85em; overflow-wrap: anywhere; }
pre { background: #8882; padding: 0.5rem; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #8884; }
.facts th { white-space: nowrap; font-weight: normal; opacity: 0.75; }
.chapters td:first-child, .files td:nth-child(2) { white-space: nowrap; font-variant-numeric: tabular-nums; }
.minute td { opacity: 0.75; }
.verdict, .warning { padding: 0.6rem 0.8rem; border-left: 0.4rem solid; }
.complete { border-color: #2a2; }
.interrupted, .incomplete, .warning { border-color: #d80; }
.broken { border-color: #c22; }
.note { opacity: 0.8; }
.bar { width: 100%; height: auto; font-size: 14px; }
.bar text { fill: currentColor; }
.bar line { stroke: currentColor; stroke-width: 1.5; }
.bar .part { fill: none; stroke: currentColor; stroke-width: 2; }
.legend span { padding: 0.1rem 0.5rem; border-bottom: 0.4rem solid; }
.bar .pre-recording { fill: #69c; } .legend .pre-recording { border-color: #69c; }
.bar .announcing { fill: #db3; } .legend .announcing { border-color: #db3; }
.bar .recording { fill: #c44; } .legend .recording { border-color: #c44; }
.bar .pausing { fill: #999; } .legend .pausing { border-color: #999; }
.bar .closing { fill: #666; } .legend .closing { border-color: #666; }
.bar .sound { fill: #393; } .legend .sound { border-color: #393; }
@media print { video { display: none; } }
`;

/** Without it, or where it may not run, a chapter's link opens the file at that place. */
const SCRIPT = `
document.addEventListener("click", (event) => {
	const link = event.target.closest("a[data-seconds]");
	const video = document.getElementById("video");
	if (link === null || video.error !== null) return;
	event.preventDefault();
	video.currentTime = Number(link.dataset.seconds);
	video.scrollIntoView({ block: "nearest" });
	video.play().catch(() => {});
});
`;

/**
 * The report of an export: one HTML file that loads nothing but the video beside it, whatever is in the record
 * (Content Security Policy Level 3: only this style and this script, by their digests).
 */
export function reportPage(input: ReportInput): Uint8Array {
	const title = titleOf(input.original);
	const policy = `default-src 'none'; media-src 'self' file:; style-src ${digest(STYLE)}; script-src ${digest(SCRIPT)}; base-uri 'none'; form-action 'none'`;
	const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<h1>${title}</h1>
${factsSection(input)}
${courseSection(input)}
${guideSection(input)}
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
	return new TextEncoder().encode(page.text);
}

function digest(text: string): string {
	return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}
