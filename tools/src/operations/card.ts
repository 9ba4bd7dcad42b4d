import { createHash } from "node:crypto";
import { open, rename } from "node:fs/promises";
import { type RecordingMetadata, recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { CardError, CardReader, type CardRecording } from "@bodycam/protocol/card/reader";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import { BodycamError, RefusedError, VerificationError } from "../errors.ts";
import { type CardFile, openCardFile } from "./card-file.ts";
import { RateMeter } from "./pull/rate-meter.ts";

/** Time between progress events, ms. */
const PROGRESS_MS = 100;

const RATE_WINDOW_MS = 3000;

/** A recording on a card. */
export interface CardEntry {
	/** Number, state, length and hash as the card's journal has them. */
	readonly recording: CardRecording;
	/** What the camera knew about it; undefined when that is not understood. */
	readonly metadata: RecordingMetadata | undefined;
}

/** What extracting a recording yields; bytes count from its start, rates are bytes a second. */
export type ExtractEvent =
	| { readonly type: "progress"; readonly bytes: number; readonly total: number; readonly rate: number }
	| {
			readonly type: "done";
			readonly file: string;
			readonly total: number;
			/** SHA-256 of the file, hexadecimal. */
			readonly sha256: string;
			/** Whether the card had a hash to compare it with: not for a recording that no camera has closed. */
			readonly verified: boolean;
	  };

/** The image of a card, or the card itself, opened for reading. */
export class CardImage {
	readonly #file: CardFile;
	readonly #reader: CardReader;

	private constructor(file: CardFile, reader: CardReader) {
		this.#file = file;
		this.#reader = reader;
	}

	/**
	 * Opens an image or a block device and reads what is on it.
	 * @throws {UsageError} when it cannot be opened
	 * @throws {BodycamError} when no camera has written it
	 */
	static async open(path: string): Promise<CardImage> {
		const file = await openCardFile(
			path,
			"Give the image of a card, such as card.img in a --state directory, or the card's device.",
		);
		try {
			return new CardImage(file, await CardReader.open(file.source));
		} catch (error) {
			await file.close();
			throw explain(error, path);
		}
	}

	/** The recordings, ascending by their numbers. */
	get entries(): CardEntry[] {
		return this.#reader.recordings.map((recording) => ({ recording, metadata: readMetadata(recording) }));
	}

	/**
	 * Writes a recording into a file, which gets its name only when it is whole and verified.
	 * @throws {RefusedError} when there is no such recording
	 * @throws {VerificationError} when the card is damaged there; what is whole stays in `FILE.part`
	 */
	async *extract(
		number: number,
		file: string,
		signal?: AbortSignal,
	): AsyncGenerator<ExtractEvent, void, undefined> {
		const recording = this.#reader.recordings.find((candidate) => candidate.number === number);
		const total = recording?.bytes ?? 0;
		const hash = createHash("sha256");
		const meter = new RateMeter(RATE_WINDOW_MS);
		const pieces = this.#reader.extract(number, () => ({
			update: (bytes) => void hash.update(bytes),
			digest: () => new Uint8Array(hash.copy().digest()),
		}));
		try {
			const first = await pieces.next();
			const output = await open(`${file}.part`, "w");
			try {
				let bytes = 0;
				let shown = performance.now();
				meter.note(shown, 0);
				for (let piece = first; piece.done !== true; piece = await pieces.next()) {
					signal?.throwIfAborted();
					await output.writeFile(piece.value);
					bytes += piece.value.length;
					const now = performance.now();
					if (now - shown < PROGRESS_MS) continue;
					shown = now;
					meter.note(now, bytes);
					yield { type: "progress", bytes, total, rate: meter.rate };
				}
				await output.sync();
			} finally {
				await output.close();
			}
		} catch (error) {
			throw explain(error, file);
		}
		await rename(`${file}.part`, file);
		yield {
			type: "done",
			file,
			total,
			sha256: hash.digest("hex"),
			verified: recording?.sha256 !== undefined,
		};
	}

	/** Closes the file. */
	close(): Promise<void> {
		return this.#file.close();
	}
}

function readMetadata({ metadata }: CardRecording): RecordingMetadata | undefined {
	try {
		return parse(recordingMetadata, decodeCbor(metadata));
	} catch {
		return undefined;
	}
}

function explain(error: unknown, path: string): unknown {
	if (!(error instanceof CardError)) return error;
	switch (error.code) {
		case "no-store":
			return new BodycamError(`${path}: ${error.message}`, {
				hint: "Give the whole card or its image, not a partition of it.",
				cause: error,
			});
		case "no-such-recording":
			return new RefusedError(error.message, {
				hint: "`bodycam card ls` shows those that are there.",
				cause: error,
			});
		case "damaged":
			return new VerificationError(error.message, {
				hint: `What is whole of it is in ${path}.part. Read the card again: readers and contacts fail too.`,
				cause: error,
			});
	}
}
