import { createHash } from "node:crypto";
import { HEADER_BYTES } from "@bodycam/protocol/smp/header";
import { IMAGE_GROUP, ImageGroupError } from "@bodycam/protocol/smp/image";
import { uploadPiece } from "../../client/firmware.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { ConnectionError, ProtocolError, RefusedError, VerificationError } from "../../errors.ts";
import { RateMeter } from "../pull/rate-meter.ts";

/** Most bytes of a piece's map besides its data: four names, offset, length and the file's SHA-256. */
const FIRST_OVERHEAD = HEADER_BYTES + 1 + 5 + 9 + 8 + 39;

/** Bytes of the SHA-256 that go with each later piece, so that a camera tells this upload from that of another client. */
const SHA_MARK = 4;

/** The same without length, and with the beginning of the SHA-256 only: `off`, `sha` and `data`. */
const OVERHEAD = HEADER_BYTES + 1 + 9 + 5 + SHA_MARK + 8;

/** Pieces begin at multiples of this many bytes, so that the camera's flash can write them as they are. */
const ALIGNMENT = 16;

/** Largest piece a CBOR byte string with a two-byte length holds. */
const PIECE_MAX = 0xffff - (0xffff % ALIGNMENT);

/** How often an upload that the camera has forgotten is begun anew. */
const RESTARTS = 3;

/** How often the camera may ask for what it has had before, until it is believed to have forgotten it. */
const REPEATS = 2;

/** How long the rate is looked back at, ms. */
const RATE_WINDOW = 3000;

/** What an upload tells as it goes. */
export type UploadEvent =
	| { readonly type: "begun"; readonly resumedAt: number; readonly total: number }
	| { readonly type: "sent"; readonly bytes: number; readonly total: number; readonly rate: number };

/** How an upload is made. */
export interface UploadOptions {
	/** Ends it; the generator throws its reason. */
	readonly signal?: AbortSignal | undefined;
	/** Requests under way at most, instead of as many as the camera has buffers. */
	readonly window?: number;
	/** Milliseconds, for the rate. */
	readonly now?: () => number;
}

/** Most bytes of image in a piece, for packets of that size. */
export function pieceBytes(bufferSize: number, overhead = OVERHEAD): number {
	return Math.max(
		ALIGNMENT,
		Math.min(PIECE_MAX, bufferSize - overhead - ((bufferSize - overhead) % ALIGNMENT)),
	);
}

/**
 * Uploads an image, as many pieces under way as the camera has buffers. An upload of the same file that was broken off
 * goes on where it stopped; a piece that got lost is sent again.
 * @throws {RefusedError} when another client has begun an upload to the same camera
 * @throws {VerificationError} when the camera says that what arrived is not the file
 * @throws {ConnectionError} when the camera does not answer any more
 */
export async function* uploadImage(
	client: SmpClient,
	file: Uint8Array,
	options: UploadOptions = {},
): AsyncGenerator<UploadEvent, void, undefined> {
	const now = options.now ?? (() => performance.now());
	for (let restarts = 0; ; restarts++) {
		const meter = new RateMeter(RATE_WINDOW);
		const upload = new Upload(client, file, options);
		const resumedAt = await upload.begin();
		yield { type: "begun", resumedAt, total: file.length };
		meter.note(now(), resumedAt);
		try {
			for await (const bytes of upload.rest()) {
				meter.note(now(), bytes);
				yield { type: "sent", bytes, total: file.length, rate: meter.rate };
			}
			return;
		} catch (error) {
			if (!(error instanceof ForgottenError) || restarts >= RESTARTS) throw error;
		}
	}
}

/** The camera does not know the upload any more: it was restarted, its slot was erased, or someone else uploads. */
class ForgottenError extends ConnectionError {
	constructor(offset: number) {
		super(`the camera has forgotten the upload and asks for offset ${offset} again`, {
			hint: "Is another program uploading to the same camera? Stop it, then try again.",
		});
	}
}

/**
 * How often the first piece is sent at most: the camera erases the slot before it answers, and that takes seconds, on a
 * worn flash or a busy computer more than the answer to anything else.
 */
const BEGIN_ATTEMPTS = 16;

class Upload {
	readonly #client: SmpClient;
	readonly #file: Uint8Array;
	readonly #options: UploadOptions;
	readonly #sha: Uint8Array;
	/** Most the camera has said to have. */
	#received = 0;
	#failure: unknown;
	#waiting: (() => void)[] = [];

	constructor(client: SmpClient, file: Uint8Array, options: UploadOptions) {
		this.#client = client;
		this.#file = file;
		this.#options = options;
		this.#sha = new Uint8Array(createHash("sha256").update(file).digest());
	}

	/** Announces the file and sends its first piece. @returns what the camera had before */
	async begin(): Promise<number> {
		const size = pieceBytes(this.#client.bufferSize, FIRST_OVERHEAD);
		const { off, match } = await uploadPiece(
			this.#client,
			{ off: 0, len: this.#file.length, sha: this.#sha, data: this.#file.subarray(0, size) },
			{ signal: this.#options.signal, attempts: BEGIN_ATTEMPTS },
		);
		this.#received = this.#checked(off);
		this.#checkMatch(match);
		return this.#received <= size ? 0 : this.#received;
	}

	/** Sends what is missing. Yields how much the camera has. */
	async *rest(): AsyncGenerator<number, void, undefined> {
		const size = pieceBytes(this.#client.bufferSize);
		const window = Math.min(this.#options.window ?? this.#client.window, this.#client.window);
		const total = this.#file.length;
		let next = this.#received;
		let told = -1;
		let underWay = 0;
		for (;;) {
			for (; underWay < window && next < total && this.#failure === undefined; next += size) {
				underWay += 1;
				void this.#piece(next, Math.min(next + size, total))
					.catch((error: unknown) => {
						this.#failure ??= error;
					})
					.finally(() => {
						underWay -= 1;
						this.#notify();
					});
			}
			if (this.#received > told) {
				told = this.#received;
				yield told;
			} else if (underWay === 0) break;
			else await this.#change();
		}
		if (this.#failure !== undefined) throw this.#failure;
	}

	/** Sends one piece until the camera has it. What comes before it may still be under way, or lost and sent again. */
	async #piece(start: number, end: number): Promise<void> {
		let repeats = 0;
		for (let from = start; from < end; ) {
			const before = this.#received;
			const answer = await this.#send(from, end);
			const off = this.#checked(answer.off);
			this.#received = Math.max(before, this.#received, off);
			if (off >= end) this.#checkMatch(answer.match);
			if (off > from) {
				from = off;
				continue;
			}
			// An answer that was overtaken says less than the camera had told before; one that goes on saying so means it.
			if (off < before || off === from) {
				if (++repeats > REPEATS) throw new ForgottenError(off);
			}
			await this.#reaches(from);
		}
		this.#notify();
	}

	async #send(from: number, end: number): ReturnType<typeof uploadPiece> {
		try {
			return await uploadPiece(
				this.#client,
				{ off: from, sha: this.#sha.subarray(0, SHA_MARK), data: this.#file.subarray(from, end) },
				{ signal: this.#options.signal },
			);
		} catch (error) {
			const forgotten =
				error instanceof RefusedError &&
				error.group === IMAGE_GROUP &&
				error.returnCode === ImageGroupError.invalidOffset.code;
			if (!forgotten) throw error;
			// The camera ends an upload with its last byte: a piece whose answer got lost finds none when it is sent again.
			if (this.#received >= end || (end === this.#file.length && this.#received >= from)) return { off: end };
			throw new ForgottenError(0);
		}
	}

	/** Waits until the camera has everything before an offset. */
	async #reaches(offset: number): Promise<void> {
		while (this.#received < offset && this.#failure === undefined) await this.#change();
		if (this.#failure !== undefined) throw this.#failure;
	}

	/** Waits until something has changed. */
	#change(): Promise<void> {
		return new Promise((resolve) => {
			this.#waiting.push(resolve);
		});
	}

	#notify(): void {
		for (const wake of this.#waiting.splice(0)) wake();
	}

	#checked(off: number | undefined): number {
		if (off !== undefined && off <= this.#file.length) return off;
		throw new ProtocolError(`the camera asks for offset ${off} of ${this.#file.length} bytes`, {
			hint: "Erase the slot (`bodycam firmware erase`), then try again.",
		});
	}

	#checkMatch(match: boolean | undefined): void {
		if (match === false)
			throw new VerificationError("what the camera has received is not the file that was sent", {
				hint: "Run the command again: the slot is written anew. If another program uploads to the same camera, stop it first.",
			});
	}
}
