import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { html } from "./markup.ts";
import { reportPage } from "./page.ts";
import type { ReportInput } from "./report-input.ts";

const MINUTE = 60_000;

const marker = {
	atMs: 90_500,
	wallMs: undefined,
	happening: { type: "marker", atMs: 1 },
	afterwards: false,
} as const;

function input(changes: Partial<ReportInput> = {}): ReportInput {
	return {
		report: {
			verdict: "complete",
			header: undefined,
			agency: "Ordnungsamt",
			begun: undefined,
			hash: new Uint8Array(32),
			reason: undefined,
			items: 9,
			segments: 3,
			verified: 3,
			bytes: 100,
			findings: [],
			more: 0,
		},
		header: {
			type: "header",
			item: 0,
			before: new Uint8Array(32),
			monotonicMs: 0,
			format: 1,
			device: "0badcafe",
			key: new Uint8Array(32),
			recording: 7,
			seeded: false,
			image: new Uint8Array(32),
			policy: new Uint8Array(32),
			source: "button",
			preRecordMs: 0,
			recipients: [new Uint8Array(32).fill(9)],
		},
		end: undefined,
		timeline: {
			durationMs: 2.5 * MINUTE,
			triggerMs: 10_000,
			spans: [
				{ fromMs: 0, toMs: 10_000, state: "pre-recording", sound: true },
				{ fromMs: 10_000, toMs: 2.5 * MINUTE, state: "recording", sound: false },
			],
			happenings: [marker],
			startedAt: Date.UTC(2027, 0, 1, 12),
			uncertaintyMs: 20,
		},
		original: {
			device: "0badcafe",
			recording: 7,
			finalHash: "ab".repeat(32),
			sha256: "cd".repeat(32),
			bytes: 12_345,
			partMs: undefined,
		},
		privately: undefined,
		video: { name: "recording.mp4", fromMs: 0, toMs: 2.5 * MINUTE, pictures: 1, packets: 1 },
		credentials: false,
		files: [{ name: "recording.mp4", bytes: 1234, sha256: "ef".repeat(32) }],
		party: { by: "clerk", purpose: undefined },
		exportedAt: Date.UTC(2027, 0, 2),
		tools: "bodycam 0.1.0",
		rootKey: "12".repeat(32),
		...changes,
	};
}

const page = (changes?: Partial<ReportInput>): string =>
	Buffer.from(reportPage(input(changes))).toString("utf8");

/** Places the page links to in the video, seconds, and what is written there. */
function chapters(text: string): [seconds: string, what: string][] {
	return [...text.matchAll(/data-seconds="([\d.]+)">[^<]*<\/a><\/td><td>[^<]*<\/td><td>([^<]*)</g)].map(
		([, seconds = "", what = ""]) => [seconds, what],
	);
}

describe("chapters", () => {
	test("there is one for every minute and everything that happened, in order", () => {
		expect(chapters(page())).toEqual([
			["0.0", "Begin, before the trigger"],
			["10.0", "The wearer starts the recording"],
			["60.0", "Minute 1"],
			["90.5", "Marker set by the wearer"],
			["120.0", "Minute 2"],
		]);
	});

	test("a reason given afterwards is the last one, with its own time of day and no mark in the picture", () => {
		const { timeline } = input();
		const late = {
			atMs: 2.5 * MINUTE,
			wallMs: Date.UTC(2027, 0, 1, 18),
			happening: { type: "reason-given", code: "threat", source: "button" },
			afterwards: true,
		} as const;
		const text = page({ timeline: { ...timeline, happenings: [marker, late] } });
		expect(chapters(text).at(-1)).toEqual(["150.0", "Reason given afterwards: threat, on the camera"]);
		expect(text).toContain("<td>2027-01-01 18:00:00.0 UTC</td><td>Reason given afterwards");
		expect(text.match(/<line /g)).toHaveLength(1);
	});

	test("of a clip they lie where they are in the clip, and those outside are left out", () => {
		const { original } = input();
		const text = page({
			original: { ...original, partMs: { from: 50_000, to: 95_000 } },
			video: { name: "clip.mp4", fromMs: 49_600, toMs: 95_000, pictures: 1, packets: 1 },
		});
		expect(chapters(text)).toEqual([
			["0.0", "Begin of the clip"],
			["10.4", "Minute 1"],
			["40.9", "Marker set by the wearer"],
		]);
		expect(text).toContain("A clip, derived from the original: from 0:49.6 to 1:35.0 of recording 7");
	});
});

describe("what it says", () => {
	test("the verdict, the camera, the times and the hashes", () => {
		const text = page();
		for (const fact of [
			"<strong>complete</strong>",
			"0badcafe, of Ordnungsamt",
			"2027-01-01 12:00:00.0 UTC, ± 20 ms",
			"2:30.0",
			"ab".repeat(32),
			"cd".repeat(32),
			"age1pyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyysjzgfpyys",
		])
			expect(text, fact).toContain(fact);
	});

	test("who authorised it, where the recording says so", () => {
		expect(page()).not.toContain("authorised by");
		const privately = { device: "0badcafe", number: 7, authorisedBy: "PHK Weber" };
		expect(page({ privately })).toContain("<th>authorised by</th><td>PHK Weber</td>");
	});

	test("the reason, where one was given", () => {
		expect(page()).not.toContain("<th>reason</th>");
		const { report } = input();
		expect(page({ report: { ...report, reason: "threat" } })).toContain("<th>reason</th><td>threat</td>");
	});

	test("test material says so", () => {
		expect(page({ header: { ...input().header, seeded: true } })).toContain("Test material");
	});

	test("how to check it, with the very line that the verifier prints", () => {
		const text = page();
		expect(text).toContain(`python3 verify.py recording.custody.cbor recording.mp4.age ${"12".repeat(32)}`);
		expect(text).toContain(`complete 0badcafe 7 ${"ab".repeat(32)}`);
		expect(text).toContain("sha256sum -c SHA256SUMS");
	});

	test("of Content Credentials only where there are some, and what takes them away", () => {
		expect(page()).not.toContain("Content Credentials");
		expect(page({ credentials: true })).toContain("<code>ffmpeg -c copy</code>");
	});
});

describe("what comes from outside", () => {
	test("never becomes markup, whatever it is", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary" }), (text) => {
				const escaped = html`<b title="${text}">${text}</b>`.text;
				expect(escaped.match(/[<>]/g)).toHaveLength(4);
				expect(escaped.match(/"/g)).toHaveLength(2);
			}),
		);
	});

	test("cannot turn the order of letters or hide in control characters", () => {
		expect(html`${"a\u202eb\u0000c\u0007"}`.text).toBe("a\ufffdb\ufffdc\ufffd");
	});

	test("in names, agency and findings stays text", () => {
		const evil = `"><script>alert(1)</script>`;
		const { report, original, header } = input();
		const text = page({
			report: {
				...report,
				agency: evil,
				reason: evil,
				findings: [{ severity: "note", code: "surplus", message: evil }],
			},
			original: { ...original, device: evil },
			header: { ...header, device: evil, retention: { class: evil, days: 1 } },
			party: { by: evil, purpose: evil },
		});
		expect(text.match(/<script>/g)).toHaveLength(1);
		expect(text).not.toContain("<script>alert");
	});

	test("could not run: the page allows only its own script and style, by their digests", () => {
		const text = page();
		const policy =
			/Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1]?.replaceAll("&#39;", "'") ?? "";
		for (const element of ["script", "style"]) {
			const own = new RegExp(`<${element}>(.*?)</${element}>`, "s").exec(text)?.[1] ?? "";
			const digest = createHash("sha256").update(own).digest("base64");
			expect(policy).toContain(`${element}-src 'sha256-${digest}'`);
		}
		expect(policy).toContain("default-src 'none'");
	});

	test("nothing is loaded but files beside it", () => {
		expect(
			[...page().matchAll(/(?:src|href)="([^"]*)"/g)].every(([, url = ""]) =>
				/^[\w.-]+(#t=[\d.]+)?$/.test(url),
			),
		).toBe(true);
	});
});
