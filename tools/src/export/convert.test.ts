import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BufferSource, EncodedPacketSink, Input, MP4 } from "mediabunny";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodingComplaints, frameHashes } from "../cli/testing/ffmpeg.ts";
import { EvidenceFileError } from "../evidence/evidence-error.ts";
import { writeSampleRecording } from "../testing/sample-recording.ts";
import { convertRecording } from "./convert.ts";
import type { Plaintext } from "./plaintext.ts";

let directory = "";
let fragmented: Uint8Array;
let made = 0;

beforeAll(async () => {
	directory = mkdtempSync(join(tmpdir(), "convert-"));
	fragmented = (await writeSampleRecording(directory)).plaintext;
});
afterAll(() => rmSync(directory, { recursive: true }));

const plaintext = (bytes: Uint8Array): Plaintext => ({
	bytes: bytes.length,
	read: async (offset, length) => Uint8Array.from(bytes.subarray(offset, offset + length)),
});
const newFile = () => join(directory, `${made++}.mp4`);

/** Sizes, times and kinds of all packets of a file. */
async function packetsOf(bytes: Uint8Array): Promise<{ pictures: string[]; sounds: string[] }> {
	const input = new Input({ formats: [MP4], source: new BufferSource(Uint8Array.from(bytes)) });
	const [picture, sound] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
	if (picture === null || sound === null) throw new Error("a track is missing");
	const list = async (sink: EncodedPacketSink): Promise<string[]> => {
		const packets: string[] = [];
		for await (const { timestamp, type, data } of sink.packets())
			packets.push(`${timestamp.toFixed(3)} ${type} ${Buffer.from(data).toString("base64")}`);
		return packets;
	};
	return {
		pictures: await list(new EncodedPacketSink(picture)),
		sounds: await list(new EncodedPacketSink(sound)),
	};
}

function boxesOf(file: Buffer): string[] {
	const types: string[] = [];
	for (let at = 0; at < file.length; at += file.readUInt32BE(at))
		types.push(file.toString("latin1", at + 4, at + 8));
	return types;
}

describe("a whole recording", () => {
	test("becomes a progressive MP4 whose index lies before the media", async () => {
		const file = newFile();
		const done = await convertRecording(plaintext(fragmented), { file, tags: {} });
		expect(boxesOf(readFileSync(file)).filter((type) => type !== "free")).toEqual(["ftyp", "moov", "mdat"]);
		expect(done).toMatchObject({ fromMs: 0, pictures: 100 });
	});

	test("keeps every picture and sound packet, byte by byte and at its time", async () => {
		const file = newFile();
		await convertRecording(plaintext(fragmented), { file, tags: {} });
		expect(await packetsOf(await readFile(file))).toEqual(await packetsOf(fragmented));
	});

	test("decodes without a complaint, to the same pictures", async () => {
		const [file, original] = [newFile(), newFile()];
		await convertRecording(plaintext(fragmented), { file, tags: {} });
		writeFileSync(original, fragmented);
		expect(await decodingComplaints(file)).toBe("");
		expect(await frameHashes(file)).toEqual(await frameHashes(original));
	});

	test("says in its tags what it was told to say", async () => {
		const file = newFile();
		await convertRecording(plaintext(fragmented), { file, tags: { title: "Recording 7", comment: "of x" } });
		const input = new Input({ formats: [MP4], source: new BufferSource(readFileSync(file)) });
		expect(await input.getMetadataTags()).toMatchObject({ title: "Recording 7", comment: "of x" });
	});
});

describe("a clip", () => {
	test("begins at the keyframe at or before its begin, at time 0, and ends at its end", async () => {
		const file = newFile();
		const range = { from: 1.9, to: 3 };
		const done = await convertRecording(plaintext(fragmented), { file, tags: {}, range });
		const { pictures, sounds } = await packetsOf(readFileSync(file));
		expect(pictures[0]).toMatch(/^0\.000 key/);
		expect(done).toMatchObject({ fromMs: 1600, toMs: 3000, pictures: pictures.length });
		expect(pictures).toHaveLength((3000 - 1600) / 40);
		expect(Number(sounds[0]?.split(" ")[0])).toBeLessThan(0.02);
		expect(await decodingComplaints(file)).toBe("");
	});

	test("shows the same pictures as the original there", async () => {
		const [file, whole] = [newFile(), newFile()];
		await convertRecording(plaintext(fragmented), { file, tags: {}, range: { from: 0.8, to: 2 } });
		await convertRecording(plaintext(fragmented), { file: whole, tags: {} });
		expect(await frameHashes(file)).toEqual((await frameHashes(whole)).slice(20, 50));
	});

	test("of a time in which there is nothing is refused", async () => {
		const range = { from: 100, to: 120 };
		const clip = convertRecording(plaintext(fragmented), { file: newFile(), tags: {}, range });
		await expect(clip).rejects.toMatchObject({
			name: "UsageError",
			message: "the recording has nothing from 100 s to 120 s",
		});
	});
});

describe("what is no recording", () => {
	test.each([
		["nothing at all", () => new Uint8Array(0)],
		["something else", () => new Uint8Array(70_000).fill(0x61)],
		[
			"a recording whose boxes say nonsense",
			() => fragmented.map((byte, at) => (at > 40 && at < 400 ? 0xff : byte)),
		],
		["a recording without its fragments", () => fragmented.subarray(0, 65_536)],
	])("%s is refused by name", async (_what, bytes) => {
		const conversion = convertRecording(plaintext(bytes()), { file: newFile(), tags: {} });
		await expect(conversion).rejects.toBeInstanceOf(EvidenceFileError);
	});

	test("a recording cut in the middle of a fragment gives the fragments before it", async () => {
		const file = newFile();
		const cut = plaintext(fragmented.subarray(0, 65_536 * 3 + 20_000));
		const { pictures } = await convertRecording(cut, { file, tags: {} });
		expect(pictures).toBeGreaterThanOrEqual(20);
		expect(await decodingComplaints(file)).toBe("");
	});
});

test("what the reader of the plaintext throws comes out as it is", async () => {
	const failing: Plaintext = {
		bytes: fragmented.length,
		read: async () => {
			throw new EvidenceFileError("chunk 0 was changed");
		},
	};
	const conversion = convertRecording(failing, { file: newFile(), tags: {} });
	await expect(conversion).rejects.toThrow("chunk 0 was changed");
});

test("stops when it is told to", async () => {
	const stop = new AbortController();
	const conversion = convertRecording(plaintext(fragmented), {
		file: newFile(),
		tags: {},
		signal: stop.signal,
		progress: () => stop.abort(new Error("stopped")),
	});
	await expect(conversion).rejects.toThrow("stopped");
});
