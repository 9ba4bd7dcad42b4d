import { createCipheriv, createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { TAG_BYTES } from "@bodycam/protocol/age/crypto";
import { writeAgeHeader } from "@bodycam/protocol/age/header";
import { CHUNK_BYTES, chunkNonce, PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import type { CustodyBody } from "@bodycam/protocol/custody/entry";
import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import { buildRecord, TEST_WALL_MS, testHeader, testKeys } from "@bodycam/protocol/testing/custody-builder";
import {
	BufferSource,
	BufferTarget,
	EncodedAudioPacketSource,
	EncodedPacketSink,
	EncodedVideoPacketSource,
	Input,
	MP4,
	Mp4OutputFormat,
	Output,
} from "mediabunny";
import { type EvidencePair, evidenceFiles } from "../evidence/evidence-pair.ts";
import { hostAgeCrypto } from "../evidence/host-age-crypto.ts";

const CLIP = join(import.meta.dirname, "..", "..", "..", "simulator", "assets", "clip.mp4");

/** The key that opens sample recordings. */
export const SAMPLE_IDENTITY = new Uint8Array(32).fill(0x21);

/** The root public key of the agency that sample recordings are of. */
export const SAMPLE_ANCHOR = testKeys.root.publicKey;

/** Time since power-on at which a sample begins, ms. */
export const SAMPLE_ORIGIN_MS = 4000;

/** Longest fragment of a sample, ms: that of the project's clip. */
const FRAGMENT_MS = 800;

const recipients = [SAMPLE_IDENTITY, new Uint8Array(32).fill(3)].map(hostAgeCrypto.publicKey);

/** What a sample is to be. */
export interface SampleOptions {
	/** Length, ms; that of the project's clip at most. */
	readonly durationMs?: number;
	/** Cut off by a power cut behind so many fragments, with a recovery. */
	readonly cutAfter?: number;
	/** The camera has not started since: the record has no recovery. False. */
	readonly unfinished?: boolean;
	/** Segments before the trigger. */
	readonly preRecorded?: number;
	/** What happens, each before the segment of its number. */
	readonly happenings?: readonly { readonly before: number; readonly happening: CustodyHappening }[];
	/** What stands behind the end of its record. */
	readonly afterwards?: readonly CustodyBody[];
	/** Members of the header that are to be different. */
	readonly header?: Parameters<typeof testHeader>[0];
}

/** A sample: its files, and what is encrypted in it. */
export interface SampleRecording {
	readonly files: EvidencePair;
	/** The fragmented MP4, as far as the age file holds it. */
	readonly plaintext: Uint8Array;
}

/** Writes a recording as a camera does: a fragmented MP4 in whole chunks, an age file, a custody record. */
export async function writeSampleRecording(
	directory: string,
	options: SampleOptions = {},
): Promise<SampleRecording> {
	const { durationMs = 4000, cutAfter } = options;
	const pieces = (await fragmented(durationMs)).map((piece, index, all) =>
		index === all.length - 1 ? piece : padded(piece),
	);
	const kept = cutAfter === undefined ? pieces : pieces.slice(0, 1 + cutAfter);
	const segments = sealed(kept, cutAfter === undefined);
	const record = buildRecord(bodies(segments, options, cutAfter === undefined));
	mkdirSync(directory, { recursive: true });
	const files = evidenceFiles(join(directory, "camera-0001"));
	writeFileSync(files.age, Buffer.concat(segments));
	writeFileSync(files.record, Buffer.concat(record.items));
	return { files, plaintext: Buffer.concat(kept) };
}

/** The beginning of the project's clip, box by box: ftyp and moov, each fragment, and what closes the file. */
async function fragmented(durationMs: number): Promise<Uint8Array[]> {
	const input = new Input({ formats: [MP4], source: new BufferSource(readFileSync(CLIP)) });
	const target = new BufferTarget();
	const format = new Mp4OutputFormat({
		fastStart: "fragmented",
		// Less than a group of pictures: a fragment ends at every keyframe.
		minimumFragmentDuration: FRAGMENT_MS / 2000,
	});
	const output = new Output({ format, target });
	const picture = await input.getPrimaryVideoTrack();
	const sound = await input.getPrimaryAudioTrack();
	if (picture === null || sound === null) throw new Error("the clip has no picture or no sound");
	const video = new EncodedVideoPacketSource("avc");
	const audio = new EncodedAudioPacketSource("opus");
	output.addVideoTrack(video);
	output.addAudioTrack(audio);
	await output.start();
	const decoders = [await picture.getDecoderConfig(), await sound.getDecoderConfig()] as const;
	const sounds = new EncodedPacketSink(sound).packets();
	let heard = await sounds.next();
	for await (const packet of new EncodedPacketSink(picture).packets()) {
		if (packet.timestamp * 1000 >= durationMs) break;
		for (; heard.done !== true && heard.value.timestamp <= packet.timestamp; heard = await sounds.next())
			await audio.add(heard.value, { decoderConfig: decoders[1] as AudioDecoderConfig });
		await video.add(packet, { decoderConfig: decoders[0] as VideoDecoderConfig });
	}
	await output.finalize();
	input.dispose();
	return split(new Uint8Array(target.buffer as ArrayBuffer));
}

function split(file: Uint8Array): Uint8Array[] {
	const view = Buffer.from(file);
	const starts: number[] = [0];
	for (let at = 0; at < file.length; at += view.readUInt32BE(at)) {
		const type = view.toString("latin1", at + 4, at + 8);
		if (type === "moof" || type === "mfra") starts.push(at);
	}
	return starts.map((start, index) => file.subarray(start, starts[index + 1] ?? file.length));
}

/** With a `free` box behind it, so that it fills whole chunks. */
function padded(piece: Uint8Array): Uint8Array {
	let rest = (CHUNK_BYTES - (piece.length % CHUNK_BYTES)) % CHUNK_BYTES;
	if (rest > 0 && rest < 8) rest += CHUNK_BYTES;
	const box = Buffer.alloc(rest);
	if (rest > 0) {
		box.writeUInt32BE(rest);
		box.write("free", 4, "latin1");
	}
	return Buffer.concat([piece, box]);
}

/** Encrypts piece by piece: one segment each, the first one with the header. */
function sealed(pieces: readonly Uint8Array[], ends: boolean): readonly Uint8Array[] {
	const fileKey = new Uint8Array(16).fill(7);
	const nonce = new Uint8Array(PAYLOAD_NONCE_BYTES).fill(8);
	const ephemeral = [new Uint8Array(32).fill(4), new Uint8Array(32).fill(5)];
	const header = writeAgeHeader({ fileKey, recipients, ephemeral }, hostAgeCrypto);
	const key = payloadKey(fileKey, nonce, hostAgeCrypto);
	let index = 0;
	return pieces.map((piece, at) => {
		const chunks: Uint8Array[] = at === 0 ? [header, nonce] : [];
		for (let from = 0; from < piece.length; from += CHUNK_BYTES) {
			const chunk = piece.subarray(from, from + CHUNK_BYTES);
			const last = ends && at === pieces.length - 1 && from + CHUNK_BYTES >= piece.length;
			const options = { authTagLength: TAG_BYTES };
			const cipher = createCipheriv("chacha20-poly1305", key, chunkNonce(index++, last), options);
			chunks.push(cipher.update(chunk), cipher.final(), cipher.getAuthTag());
		}
		return Buffer.concat(chunks);
	});
}

function bodies(
	segments: readonly Uint8Array[],
	{ preRecorded = 0, happenings = [], afterwards = [], header = {}, unfinished = false }: SampleOptions,
	ends: boolean,
): CustodyBody[] {
	const list: CustodyBody[] = [testHeader({ recipients, monotonicMs: SAMPLE_ORIGIN_MS, ...header })];
	let offset = 0;
	let clock = SAMPLE_ORIGIN_MS;
	segments.forEach((segment, index) => {
		const media = index > 0 && !(ends && index === segments.length - 1);
		const firstMs = index === 0 ? SAMPLE_ORIGIN_MS + preRecorded * FRAGMENT_MS + 100 : clock;
		if (media) clock += FRAGMENT_MS;
		for (const { before, happening } of happenings)
			if (before === index) list.push({ type: "event", monotonicMs: firstMs, happening });
		list.push({
			type: "checkpoint",
			monotonicMs: clock,
			wallMs: TEST_WALL_MS + clock - SAMPLE_ORIGIN_MS,
			wallUncertaintyMs: 20,
			segment: index + 1,
			offset,
			bytes: segment.length,
			sha256: new Uint8Array(createHash("sha256").update(segment).digest()),
			firstMs,
			lastMs: media ? clock - 40 : firstMs,
			state: ends && index === segments.length - 1 ? "closing" : "recording",
			preRecord: index <= preRecorded,
			sound: true,
		});
		offset += segment.length;
	});
	if (unfinished) return list;
	const totals = { monotonicMs: clock, segments: segments.length, bytes: offset };
	const length = clock - SAMPLE_ORIGIN_MS;
	list.push(
		ends
			? {
					type: "final",
					...totals,
					durationMs: length,
					preRecordMs: preRecorded * FRAGMENT_MS,
					reason: "button",
				}
			: {
					type: "recovery",
					...totals,
					monotonicMs: 100,
					cutBytes: 0,
					cutRecordBytes: 0,
					lostMs: 1000,
					reason: "power-on",
				},
		...afterwards,
	);
	return list;
}
