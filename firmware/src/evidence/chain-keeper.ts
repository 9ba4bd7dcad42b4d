import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { custodyGenesis } from "@bodycam/protocol/custody/chain";
import { HASH_BYTES } from "@bodycam/protocol/custody/terms";
import { boolean, bytes, type Infer, integer, map, optional, uint } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import type { TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";

/** Name of the key-value entry with the newest recording. */
export const CHAIN_KEY = "custody";

const FORMAT = 1;

const chainRecord = map({
	format: integer(FORMAT, FORMAT),
	number: uint({ min: 1, max: 0xffff_ffff }),
	hash: bytes(HASH_BYTES, { min: HASH_BYTES }),
	closed: boolean(),
	runsUntilMs: optional(uint()),
});

type Newest = Omit<Infer<typeof chainRecord>, "format">;

/** Options of `ChainKeeper`. */
export interface ChainKeeperOptions {
	/** Where it is kept. */
	readonly keyValue: Pick<KeyValue, "read" | "write">;
	/** Serial number of the camera. */
	readonly serial: string;
	/** SHA-256. */
	readonly crypto: Pick<TrustCrypto, "sha256">;
	/** Where trouble is told. */
	readonly log: Pick<Log, "write">;
}

/**
 * Keeps in flash what the next recording's custody record begins with: number and hash of the newest recording, whichever
 * card it is on. While that one is open, the hash is the one behind its header, so that a recording that begins before
 * the one before it could be closed names it all the same.
 */
export class ChainKeeper {
	private readonly options: ChainKeeperOptions;
	private newest: Newest | undefined;
	/** What was open when the newest one began. */
	private older: Newest | undefined;
	private loading: Promise<void> | undefined;
	private writing: Promise<void> = Promise.resolve();

	/** @param options - see `ChainKeeperOptions` */
	constructor(options: ChainKeeperOptions) {
		this.options = options;
	}

	/** Number of the newest recording, 0 without any. */
	get number(): number {
		return this.newest?.number ?? 0;
	}

	/** Whether the final hash of the newest recording is known. */
	get closed(): boolean {
		return this.newest?.closed ?? true;
	}

	/** What the next recording's record begins with. */
	get before(): Uint8Array {
		const { serial, crypto } = this.options;
		return this.newest?.hash ?? custodyGenesis(serial, crypto);
	}

	/** Reads what is kept, once. What is damaged counts as nothing; the log says so. Never rejects. */
	load(): Promise<void> {
		this.loading ??= this.read();
		return this.loading;
	}

	/** A recording has begun. @param hash - behind the header of its record */
	opened(number: number, hash: Uint8Array): void {
		this.older = this.newest;
		this.keep({ number, hash, closed: false });
	}

	/**
	 * The card is behind the newest recording. @param untilMs - a power cut is to be assumed not before then, ms since
	 * power-on
	 */
	runsUntil(number: number, untilMs: number): void {
		if (this.newest?.number !== number || this.newest.closed) return;
		this.keep({ ...this.newest, runsUntilMs: untilMs });
	}

	/** What `runsUntil` was told last about a recording that is still open; undefined where the card kept up. */
	ranUntil(number: number): number | undefined {
		return [this.newest, this.older].find((known) => known?.number === number)?.runsUntilMs;
	}

	/** A recording is closed on its card. @param hash - behind the last item of its record */
	ended(number: number, hash: Uint8Array): void {
		if (number < this.number || (number === this.number && this.closed)) return;
		this.keep({ number, hash, closed: true });
	}

	/** Settles when everything is in flash, or could not be written there. */
	settled(): Promise<void> {
		return this.writing;
	}

	private keep(newest: Newest): void {
		this.newest = newest;
		const { keyValue, log } = this.options;
		const value = encodeCbor({ format: FORMAT, ...newest });
		this.writing = this.writing.then(() =>
			keyValue
				.write(CHAIN_KEY, value)
				.catch((error: unknown) =>
					log.write("error", `the hash of recording ${newest.number} cannot be kept: ${String(error)}`),
				),
		);
	}

	private async read(): Promise<void> {
		const { keyValue, log } = this.options;
		try {
			const stored = await keyValue.read(CHAIN_KEY);
			if (stored === undefined || this.newest !== undefined) return;
			const { format: _format, ...newest } = parse(chainRecord, decodeCbor(stored));
			this.newest = newest;
		} catch (error) {
			log.write("error", `the hash of the newest recording cannot be read: ${String(error)}`);
		}
	}
}
