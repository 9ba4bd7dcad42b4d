import type { CameraEvent, CameraEventBody } from "@bodycam/protocol/camera/events";
import { signCheckpoint } from "@bodycam/protocol/event-log/checkpoint";
import type { Signer, TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { Timer, Timers } from "../hal/timers.ts";
import type { EventLog } from "./event-log.ts";

/** Longest time for which events are on the card without a signature, µs. */
const INTERVAL = 600_000_000;

/** Options of `Checkpoints`. */
export interface CheckpointsOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Serial number of the camera. */
	readonly device: string;
	/** The stored log. */
	readonly log: Pick<EventLog, "stored" | "entries" | "card" | "head">;
	/** The device's key; undefined while it has none. */
	readonly signer: () => Signer | undefined;
	/** SHA-256. */
	readonly crypto: Pick<TrustCrypto, "sha256">;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
}

/** Signs the head of the chain: when a log is opened, when a recording has ended, and every ten minutes of new events. */
export class Checkpoints {
	private readonly options: CheckpointsOptions;
	private readonly timer: Timer;
	/** Sequence of the event that a signature is wanted behind; 0: none is. */
	private wanted = 0;
	/** Sequence of the last checkpoint, which is no news itself. */
	private last = 0;

	/** @param options - see `CheckpointsOptions` */
	constructor(options: CheckpointsOptions) {
		this.options = options;
		this.timer = options.timers.create(() => {
			this.wanted = this.options.log.stored;
			this.stored();
		});
	}

	/** An event was added to the stream. */
	added(event: CameraEvent): void {
		const { type, sequence } = event;
		if (type === "log-checkpoint") this.last = sequence;
		else if (type === "log-opened" || type === "recording-closed" || type === "interrupted-recovered")
			this.wanted = sequence;
	}

	/** Events were made safe. */
	stored(): void {
		const { log, signer, crypto, device, emit } = this.options;
		const { card, entries } = log;
		if (card === undefined || log.stored <= this.last) return;
		const key = signer();
		if (key === undefined) return;
		if (this.wanted === 0 || log.stored < this.wanted) {
			if (!this.timer.running) this.timer.start(INTERVAL);
			return;
		}
		this.wanted = 0;
		this.timer.stop();
		const signed = signCheckpoint({ device, card, entries, hash: log.head() }, key, crypto);
		emit({ type: "log-checkpoint", entries, signed });
	}
}
