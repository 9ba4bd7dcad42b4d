import { rename, rm, truncate } from "node:fs/promises";
import { CardError, CardReader, type NumberRange } from "@bodycam/protocol/card/reader";
import { BodycamError, UsageError, VerificationError } from "../errors.ts";
import { type EvidencePair, evidenceFiles } from "../evidence/evidence-pair.ts";
import { type CopyProgress, copyRecording, partFiles } from "./card-copy.ts";
import { type CardEntry, cardEntry } from "./card-entry.ts";
import { type CardFile, openCardFile } from "./card-file.ts";
import { goesOn, isThere } from "./pull/existing-file.ts";
import { fileBytes, hashFile } from "./pull/file-hash.ts";

const GIVE_IMAGE = "Give the image of a card, such as card.img in a --state directory, or the card's device.";

const AGAIN = "Read the card again: readers and contacts fail too.";

/** What extracting a recording yields. */
export type ExtractEvent =
	| CopyProgress
	| {
			readonly type: "damaged";
			/** Where what is whole of it before the damage is. */
			readonly files: EvidencePair;
			/** Bytes of the age file there. */
			readonly bytes: number;
			/** Segments that are whole behind the damage, and not in the file. */
			readonly segmentsBehind: number;
			/** Bytes in them. */
			readonly bytesBehind: number;
	  }
	| {
			readonly type: "done";
			readonly files: EvidencePair;
			/** Bytes of the age file. */
			readonly total: number;
			/** Bytes of the custody record. */
			readonly recordBytes: number;
			/** SHA-256 of the age file, hexadecimal. */
			readonly sha256: string;
			/** Whether the card had a hash to compare it with: not for a recording that no camera has closed. */
			readonly verified: boolean;
	  };

/** How to extract a recording. */
export interface ExtractOptions {
	/** Replaces files of these names that are something else, once the new ones are there. */
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
	 * Writes a recording into its two files, which get their names only when they are whole and verified.
	 * @throws {UsageError} when there is no such recording, or a file is there and is something else
	 * @throws {VerificationError} when the card is damaged there; what is whole is in the files of the event before
	 */
	async *extract(
		number: number,
		files: EvidencePair,
		options: ExtractOptions = {},
	): AsyncGenerator<ExtractEvent, void, undefined> {
		const recording = this.#reader.recordings.find((candidate) => candidate.number === number);
		if (recording === undefined)
			throw explain(
				new CardError("no-such-recording", `there is no recording ${number} on the card`),
				this.#path,
			);
		const { bytes: total, recordBytes } = recording;
		if (recording.state === "unfinished" && total === 0)
			throw new VerificationError(
				`nothing of recording ${number} is whole: it was cut off at its beginning`,
				{
					hint: AGAIN,
				},
			);
		if (recording.sha256 !== undefined) {
			const sha256 = Buffer.from(recording.sha256).toString("hex");
			// The card has no hash of the record; its signatures tell whether it is the one.
			const there = await isThere(files.age, { number, bytes: total, sha256 }, options);
			if (there && (await fileBytes(files.record)) === recordBytes) {
				yield { type: "done", files, total, recordBytes, sha256, verified: true };
				return;
			}
		}
		const parts = partFiles(files);
		try {
			yield* copyRecording(this.#reader, number, parts, total, options.signal);
		} catch (error) {
			if (!(error instanceof CardError)) throw error;
			if (error.code !== "damaged") {
				await dropFiles(parts);
				throw explain(error, this.#path);
			}
			yield* this.#keepWhole(error, number, files, options);
			return;
		}
		const sha256 = await hashFile(parts.age, options.signal);
		await nameFiles(parts, files, number, options);
		yield { type: "done", files, total, recordBytes, sha256, verified: recording.sha256 !== undefined };
	}

	/** Keeps what is whole of a damaged recording under names that say so. */
	async *#keepWhole(
		error: CardError,
		number: number,
		files: EvidencePair,
		options: ExtractOptions,
	): AsyncGenerator<ExtractEvent, void, undefined> {
		const parts = partFiles(files);
		const { whole = 0, wholeRecord = 0, segmentsBehind = 0, bytesBehind = 0 } = error.damage ?? {};
		const behind =
			segmentsBehind === 0
				? ""
				: `\nbehind the damage ${segmentsBehind} ${segmentsBehind === 1 ? "segment is" : "segments are"} whole (${bytesBehind} bytes); they are not in a file`;
		if (whole === 0) {
			await dropFiles(parts);
			throw new VerificationError(`${error.message}: nothing before that is whole${behind}`, {
				hint: AGAIN,
				cause: error,
			});
		}
		await truncate(parts.age, whole);
		await truncate(parts.record, wholeRecord);
		const kept = evidenceFiles(`${files.base}.damaged`);
		await nameFiles(parts, kept, number, options);
		yield { type: "damaged", files: kept, bytes: whole, segmentsBehind, bytesBehind };
		throw new VerificationError(`${error.message}${behind}`, {
			hint: `What is whole before that is in ${kept.age} (${whole} bytes), with its record, and can be decrypted.\n${AGAIN}`,
			cause: error,
		});
	}

	/** Closes the file. */
	close(): Promise<void> {
		return this.#file.close();
	}
}

/** Gives finished files their names, unless something else has one of them. */
async function nameFiles(
	parts: EvidencePair,
	files: EvidencePair,
	number: number,
	options: ExtractOptions,
): Promise<void> {
	try {
		for (const kind of ["age", "record"] as const) {
			// A record goes on when a reason is given after the recording.
			if (kind === "record" && (await goesOn(files.record, parts.record, options.signal))) continue;
			const bytes = (await fileBytes(parts[kind])) ?? 0;
			const sha256 = await hashFile(parts[kind], options.signal);
			await isThere(files[kind], { number, bytes, sha256 }, options);
		}
	} catch (error) {
		await dropFiles(parts);
		throw error;
	}
	await rename(parts.age, files.age);
	await rename(parts.record, files.record);
}

async function dropFiles(files: EvidencePair): Promise<void> {
	await rm(files.age, { force: true });
	await rm(files.record, { force: true });
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
