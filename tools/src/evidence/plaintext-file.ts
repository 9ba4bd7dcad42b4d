import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { DiskFullError } from "../errors.ts";

/**
 * A file of plaintext that is being written, for its owner alone. It has its name only once it is whole; nothing stays
 * of one that is discarded.
 */
export class PlaintextFile {
	readonly #part: string;
	readonly #file: FileHandle;
	#bytes = 0;
	#writing: Promise<void> | undefined;

	private constructor(part: string, file: FileHandle) {
		this.#part = part;
		this.#file = file;
	}

	/** Begins `FILE.part`. @throws the system's error when it cannot be made */
	static async create(file: string): Promise<PlaintextFile> {
		const part = `${file}.part`;
		await rm(part, { force: true });
		return new PlaintextFile(part, await open(part, "wx", 0o600));
	}

	/** Appends pieces, which may not change until the next call has returned; they are written while the caller goes on. */
	async append(pieces: readonly Uint8Array[]): Promise<void> {
		await this.#settled();
		this.#writing = this.#write(pieces);
		// It is awaited by the next call; until then its failure is nobody's.
		this.#writing.catch(() => {});
	}

	/** Gives it its name, cut to `bytes`. @throws {DiskFullError} */
	async finish(name: string, bytes: number): Promise<void> {
		await this.#settled();
		if (bytes < this.#bytes) await this.#file.truncate(bytes);
		await full(() => this.#file.sync());
		await this.#file.close();
		await rename(this.#part, name);
	}

	/** Removes what was written. */
	async discard(): Promise<void> {
		await this.#writing?.catch(() => {});
		await this.#file.close().catch(() => {});
		await rm(this.#part, { force: true });
	}

	async #settled(): Promise<void> {
		await this.#writing;
		this.#writing = undefined;
	}

	async #write(pieces: readonly Uint8Array[]): Promise<void> {
		for (let rest = pieces; rest.length > 0; ) {
			const { bytesWritten } = await full(() => this.#file.writev(rest));
			this.#bytes += bytesWritten;
			rest = behind(rest, bytesWritten);
		}
	}
}

/** What is left of pieces behind so many bytes: a write may take only a part. */
function behind(pieces: readonly Uint8Array[], bytes: number): Uint8Array[] {
	let skip = bytes;
	const rest: Uint8Array[] = [];
	for (const piece of pieces) {
		if (skip < piece.length) rest.push(piece.subarray(skip));
		skip = Math.max(0, skip - piece.length);
	}
	return rest;
}

async function full<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		if (!["ENOSPC", "EDQUOT"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
		throw new DiskFullError("the disk is full", {
			hint: "Make room, then run the command again; nothing of it was left behind.",
			cause: error,
		});
	}
}
