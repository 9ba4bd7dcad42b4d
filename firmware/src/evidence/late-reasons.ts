import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { concatenate } from "@bodycam/protocol/cose/head";
import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import { CustodyWriter } from "@bodycam/protocol/custody/writer";
import type { Signer, TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { Log } from "../hal/log.ts";
import { type Closing, type ExtentStore, StoreError } from "../storage/store-interface.ts";
import { lastOwnItem, placeBehind } from "./last-item.ts";
import type { ItemTimes } from "./record-signer.ts";

/** Most reasons that wait; the oldest goes first, and stays in the event log. */
const WAITING_MAX = 16;

/** Failures after which it is tried again: the card is away, or the recording is still being closed. */
const PASSING: readonly StoreError["code"][] = ["busy", "not-ready", "absent"];

/** A reason that was given. */
export type GivenReason = Extract<CustodyHappening, { readonly type: "reason-given" }>;

/** Options of `LateReasons`. */
export interface LateReasonsOptions {
	/** Where recordings are kept. */
	readonly store: Pick<ExtentStore, "amend">;
	/** The camera's key; undefined while it belongs to no agency. */
	readonly signer: () => Signer | undefined;
	/** SHA-256. */
	readonly crypto: Pick<TrustCrypto, "sha256">;
	/** Times of now. */
	readonly times: () => ItemTimes;
	/** Where trouble is told. */
	readonly log: Pick<Log, "write">;
}

/**
 * Puts reasons that are given after a recording behind the end of its custody record, signed like what is before it, and
 * into its metadata. What waits for the card does so in memory: after a restart such a reason is in the event log alone.
 */
export class LateReasons {
	private readonly options: LateReasonsOptions;
	private waiting: { readonly recording: number; readonly reason: GivenReason; readonly times: ItemTimes }[] =
		[];
	private last: Promise<void> = Promise.resolve();

	/** @param options - see `LateReasonsOptions` */
	constructor(options: LateReasonsOptions) {
		this.options = options;
	}

	/** A reason was given for a recording that is over. */
	given(recording: number, reason: GivenReason): void {
		if (this.waiting.length === WAITING_MAX) this.waiting.shift();
		this.waiting.push({ recording, reason, times: this.options.times() });
		this.retry();
	}

	/** A recording was closed, or the card is back. */
	retry(): void {
		if (this.waiting.length > 0) this.last = this.last.then(() => this.writeWaiting());
	}

	/** Settles when what could be written is. */
	settled(): Promise<void> {
		return this.last;
	}

	private async writeWaiting(): Promise<void> {
		const { store, log } = this.options;
		for (const one of [...this.waiting]) {
			const { recording, reason, times } = one;
			try {
				await store.amend(recording, (closing) => this.amended(closing, reason, times));
			} catch (error) {
				if (error instanceof StoreError && PASSING.includes(error.code)) continue;
				log.write(
					"error",
					`the reason for recording ${recording} is in the event log only: ${String(error)}`,
				);
			}
			this.waiting = this.waiting.filter((other) => other !== one);
		}
	}

	private amended({ metadata, record }: Closing, reason: GivenReason, times: ItemTimes): Closing {
		const { crypto } = this.options;
		const signer = this.options.signer();
		const last = signer && lastOwnItem(record, signer, crypto);
		if (signer === undefined || last === undefined)
			throw new Error("its record has no end, or another key has signed it");
		const writer = new CustodyWriter(placeBehind(last, crypto), signer, crypto);
		const behind = writer.append({ type: "event", ...times, happening: reason });
		return {
			metadata: encodeCbor({ ...(decodeCbor(metadata) as object), reason: reason.code }),
			record: concatenate(record, behind),
		};
	}
}
