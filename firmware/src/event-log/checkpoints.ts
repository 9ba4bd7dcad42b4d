import type { CameraEvent, CameraEventBody } from "@bodycam/protocol/camera/events";
import type { AgencyMembership } from "@bodycam/protocol/camera/provisioning";
import { signCheckpoint } from "@bodycam/protocol/event-log/checkpoint";
import { type Signer, sameBytes, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { Timer, Timers } from "../hal/timers.ts";
import type { EventLog } from "./event-log.ts";

/** Longest time for which events are on the card without a signature, µs. */
const INTERVAL = 600_000_000;

/** The camera's own key, and whose camera it is. */
export interface SigningIdentity {
	/** Signs with it. */
	readonly signer: Signer;
	/** The certificates that vouch for it. */
	readonly membership: Pick<AgencyMembership, "deviceSigning" | "device">;
}

/** Options of `Checkpoints`. */
export interface CheckpointsOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Serial number of the camera. */
	readonly device: string;
	/** The stored log. */
	readonly log: Pick<EventLog, "stored" | "entries" | "card" | "head">;
	/** The device's key with its certificates; undefined while it has none. */
	readonly identity: () => SigningIdentity | undefined;
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
	/** The card and the identity whose certificates are in the log. */
	private card: Uint8Array | undefined;
	private named: SigningIdentity | undefined;

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
		if (type === "log-checkpoint" || type === "log-signer") this.last = sequence;
		else if (
			type === "log-opened" ||
			type === "recording-closed" ||
			type === "recording-erased" ||
			type === "interrupted-recovered"
		)
			this.wanted = sequence;
	}

	/** Events were made safe. */
	stored(): void {
		const { log, crypto, device, emit } = this.options;
		const { card, entries } = log;
		if (card === undefined || log.stored <= this.last) return;
		const identity = this.options.identity();
		if (identity === undefined) return;
		if (this.wanted === 0 || log.stored < this.wanted) {
			if (!this.timer.running) this.timer.start(INTERVAL);
			return;
		}
		this.wanted = 0;
		this.timer.stop();
		if (this.card === undefined || !sameBytes(card, this.card) || identity !== this.named) {
			this.card = card;
			this.named = identity;
			const { deviceSigning, device: own } = identity.membership;
			emit({ type: "log-signer", deviceSigning, device: own });
		}
		const checkpoint = { device, card, entries, hash: log.head() };
		const signed = signCheckpoint(checkpoint, identity.signer, crypto);
		emit({ type: "log-checkpoint", entries, signed });
	}
}
