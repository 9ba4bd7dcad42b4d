import { html, type Markup } from "./markup.ts";
import type { ReportInput } from "./report-input.ts";
import { bytesText, momentText } from "./time-text.ts";

/** How to check all of it without these tools, and what the export is made of. */
export function guideSection(input: ReportInput): Markup {
	const { report, original, video, rootKey, credentials } = input;
	return html`<section>
<h2>How to check it with public tools</h2>
<p>Nothing of this needs the tools that made this report. Run the commands in the directory of this file.</p>
<ol>
<li>The files are those that were exported: <pre>sha256sum -c SHA256SUMS</pre></li>
<li>The camera has signed the encrypted file, piece by piece, and nothing is missing. It takes no key: <code>verify.py</code> has less than 60 lines and needs Python's <code>cbor2</code> and <code>cryptography</code> (Debian: <code>python3-cbor2</code>, <code>python3-cryptography</code>). <code>evidence-format.md</code> says enough to write another. <pre>python3 verify.py recording.custody.cbor recording.mp4.age ${rootKey}</pre> It has to print <pre>${expected(input)}</pre> The long number in the command is the agency's root public key. <strong>Take it from the agency itself, not from here:</strong> a forger would put in his own.</li>
<li>Whoever has a key of the agency decrypts it with <code>age</code> (age-encryption.org) and plays it with any player: <pre>age -d -i KEY recording.mp4.age &gt; original.mp4</pre>${report.verdict === "complete" ? undefined : html` It is cut off, and so <code>age</code> ends with an error after it has written what is there.`}</li>
<li><code>${video.name}</code> is ${original.partMs === undefined ? "the same pictures and the same sound" : "a part of the same pictures and sound"} in a file that more players can jump in; nothing was encoded anew. With <code>ffmpeg</code> the pictures can be compared one by one: the digests of these two lists are those of the pictures. <pre>ffmpeg -v error -i original.mp4 -map 0:v -fps_mode passthrough -f framemd5 original.txt
ffmpeg -v error -i ${video.name} -map 0:v -fps_mode passthrough -f framemd5 exported.txt</pre></li>
${
	credentials
		? html`<li><code>${video.name}</code> bears Content Credentials (C2PA), which name this recording. They say that the exporting office vouches for the file, no more: what the camera vouches for is in its custody record. <code>c2patool ${video.name}</code> shows them. Copying with <code>ffmpeg -c copy</code> or cutting the file takes them away.</li>`
		: undefined
}
</ol>
<h2>Files</h2>
<table class="files"><thead><tr><th>file</th><th>length</th><th>SHA-256</th></tr></thead><tbody>
${input.files.map(({ name, bytes, sha256 }) => html`<tr><td><a href="${name}">${name}</a></td><td>${bytesText(bytes)}</td><td><code>${sha256}</code></td></tr>\n`)}</tbody></table>
<p class="note">Exported by ${input.party.by} on ${momentText(input.exportedAt)}${input.party.purpose === undefined ? "" : html`, for: ${input.party.purpose}`}, with ${input.tools}. What was done is in <a href="export-log.json">export-log.json</a>.</p>
</section>`;
}

function expected({ report, original }: ReportInput): string {
	if (report.verdict === "incomplete") return "broken: it has no end";
	return `${report.verdict} ${original.device} ${original.recording} ${original.finalHash}`;
}
