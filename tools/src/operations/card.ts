import { createHash } from "node:crypto";
import { open, rename, rm, truncate } from "node:fs/promises";
import { extname } from "node:path";
import { CardError, CardReader, type NumberRange } from "@bodycam/protocol/card/reader";
import { BodycamError, UsageError, VerificationError } from "../errors.ts";
import { type CardEntry, cardEntry } from "./card-entry.ts";
import { type CardFile, openCardFile } from "./card-file.ts";
import { type ExpectedFile, isThere } from "./pull/existing-file.ts";
import { hashFile } from "./pull/file-hash.ts";
import { RateMeter } from "./pull/rate-meter.ts";

/** Time between progress events, ms. */
const PROGRESS_MS = 100;

const RATE_WINDOW_MS = 3000;

const GIVE_IMAGE = "Give the image of a card, such as card.img in a --state directory, or the card's device.";

const AGAIN = "Read the card again: readers and contacts fail too.";

/** What extracting a recording yields; bytes count from its start, rates are bytes a second. */
export type ExtractEvent =
	| { readonly type: "progress"; readonly bytes: number; readonly total: number; readonly rate: number }
	| {
			readonly type: "damaged";
			/** Where what is whole of it before the damage is. */
			readonly file: string;
			/** Bytes of that. */
			readonly bytes: number;
			/** Segments that are whole behind the damage, and not in the file. */
			readonly segmentsBehind: number;
			/** Bytes in them. */
			readonly bytesBehind: number;
	  }
	| {
			readonly type: "done";
			readonly file: string;
			readonly total: number;
			/** SHA-256 of the file, hexadecimal. */
			readonly sha256: string;
			/** Whether the card had a hash to compare it with: not for a recording that no camera has closed. */
			readonly verified: boolean;
	  };

/** How to extract a recording. */
export interface ExtractOptions {
	/** Replaces a file of that name that is something else, once the new one is there. */
	readonly overwrite?: boolean;
	/** Stops. */
	readonly signal?: AbortSignal | undefined;
}

/** The image of a card, or the card itself, opened for reading. */
export class CardImage {
	readonly #file: CardFile;
	readonly #reader: CardReader;
	readonly #path: string;

	private constructor(path: string, file: CardFile, reader: CardReader) {
		this.#path = path;
		this.#file = file;
		this.#reader = reader;
	}

	/**
	 * Opens an image or a block device and reads what is on it.
	 * @throws {UsageError} when it cannot be opened
	 * @throws {BodycamError} when no camera has written it
	 */
	static async open(path: string): Promise<CardImage> {
		const file = await openCardFile(path, GIVE_IMAGE);
		try {
			return new CardImage(path, file, await CardReader.open(file.source));
		} catch (error) {
			await file.close();
			throw explain(error, path);
		}
	}

	/** The recordings, ascending by their numbers. */
	get entries(): CardEntry[] {
		return this.#reader.recordings.map(cardEntry);
	}

	/** Numbers that the card's index should tell of and does not, ascending. */
	get missing(): readonly NumberRange[] {
		return this.#reader.missing;
	}

	/**
	 * Writes a recording into a file, which gets its name only when it is whole and verified.
	 * @throws {UsageError} when there is no such recording, or the file is there and is something else
	 * @throws {VerificationError} when the card is damaged there; what is whole is in the file of the event before
	 */
	async *extract(
		number: number,
		file: string,
		options: ExtractOptions = {},
	): AsyncGenerator<ExtractEvent, void, undefined> {
		const recording = this.#reader.recordings.find((candidate) => candidate.number === number);
		if (recording === undefined)
			throw explain(
				new CardError("no-such-recording", `there is no recording ${number} on the card`),
				this.#path,
			);
		const { bytes: total } = recording;
		if (recording.state === "unfinished" && total === 0)
			throw new VerificationError(
				`nothing of recording ${number} is whole: it was cut off at its beginning`,
				{
					hint: AGAIN,
				},
			);
		if (recording.sha256 !== undefined) {
			const sha256 = Buffer.from(recording.sha256).toString("hex");
			if (await isThere(file, { number, bytes: total, sha256 }, options)) {
				yield { type: "done", file, total, sha256, verified: true };
				return;
			}
		}
		const part = `${file}.part`;
		try {
			yield* this.#copy(number, part, total, options.signal);
		} catch (error) {
			if (!(error instanceof CardError)) throw error;
			yield* this.#keepWhole(error, number, file, options);
			return;
		}
		const sha256 = await hashFile(part, options.signal);
		await this.#name(part, file, { number, bytes: total, sha256 }, options);
		yield { type: "done", file, total, sha256, verified: recording.sha256 !== undefined };
	}

	async *#copy(
		number: number,
		part: string,
		total: number,
		signal: AbortSignal | undefined,
	): AsyncGenerator<ExtractEvent, void, undefined> {
		const hash = createHash("sha256");
		const meter = new RateMeter(RATE_WINDOW_MS);
		const output = await open(part, "w");
		try {
			let bytes = 0;
			let shown = performance.now();
			meter.note(shown, 0);
			const pieces = this.#reader.extract(number, () => ({
				update: (piece) => void hash.update(piece),
				digest: () => new Uint8Array(hash.digest()),
			}));
			for await (const piece of pieces) {
				signal?.throwIfAborted();
				await output.writeFile(piece);
				bytes += piece.length;
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
	}

	/** Keeps what is whole of a damaged recording under a name that says so. */
	async *#keepWhole(
		error: CardError,
		number: number,
		file: string,
		options: ExtractOptions,
	): AsyncGenerator<ExtractEvent, void, undefined> {
		const part = `${file}.part`;
		const { whole = 0, segmentsBehind = 0, bytesBehind = 0 } = error.damage ?? {};
		const behind =
			segmentsBehind === 0
				? ""
				: `\nbehind the damage ${segmentsBehind} ${segmentsBehind === 1 ? "segment is" : "segments are"} whole (${bytesBehind} bytes); they are not in a file`;
		if (whole === 0) {
			await rm(part, { force: true });
			throw new VerificationError(`${error.message}: nothing before that is whole${behind}`, {
				hint: AGAIN,
				cause: error,
			});
		}
		await truncate(part, whole);
		const kept = damagedFile(file);
		await this.#name(
			part,
			kept,
			{ number, bytes: whole, sha256: await hashFile(part, options.signal) },
			options,
		);
		yield { type: "damaged", file: kept, bytes: whole, segmentsBehind, bytesBehind };
		throw new VerificationError(`${error.message}${behind}`, {
			hint: `What is whole before that is in ${kept} (${whole} bytes), and plays.\n${AGAIN}`,
			cause: error,
		});
	}

	/** Gives a finished file its name, unless something else has it. */
	async #name(part: string, file: string, made: ExpectedFile, options: ExtractOptions): Promise<void> {
		try {
			await isThere(file, made, options);
		} catch (error) {
			await rm(part, { force: true });
			throw error;
		}
		await rename(part, file);
	}

	/** Closes the file. */
	close(): Promise<void> {
		return this.#file.close();
	}
}

/** The file for what is whole of a damaged recording. */
function damagedFile(file: string): string {
	const extension = extname(file);
	return `${file.slice(0, file.length - extension.length)}.damaged${extension}`;
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
			return new UsageError(error.message, {
				hint: `\`bodycam card ls ${path}\` shows those that are there.`,
				cause: error,
			});
		case "erased":
			return new UsageError(error.message, { hint: "Ask the archive for it.", cause: error });
		case "damaged":
			return new VerificationError(`${path}: ${error.message}`, { hint: AGAIN, cause: error });
	}
}
