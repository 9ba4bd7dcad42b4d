/** Fixed channels on an LE connection (Bluetooth Core, Vol 3 Part A, section 2.1). */
export const CHANNEL = { att: 0x0004, signaling: 0x0005, security: 0x0006 } as const;

/** Octets before the payload of a frame: its length and its channel. */
export const L2CAP_HEADER = 4;

/** A basic frame (Bluetooth Core, Vol 3 Part A, section 3.1). */
export function l2capFrame(channel: number, payload: Uint8Array): Uint8Array {
	const frame = new Uint8Array(L2CAP_HEADER + payload.length);
	const view = new DataView(frame.buffer);
	view.setUint16(0, payload.length, true);
	view.setUint16(2, channel, true);
	frame.set(payload, L2CAP_HEADER);
	return frame;
}

/** Why bytes made no frame. */
export type FrameFault =
	| "too long"
	| "continued without a beginning"
	| "begun anew before its end"
	| "overrun";

/** Who gets whole frames. */
export interface FrameReceiver {
	/** A whole frame. The payload belongs to the receiver. */
	frame(channel: number, payload: Uint8Array): void;
	/** Bytes were dropped. */
	fault(why: FrameFault): void;
}

/** Puts frames together from the packets of a link; holds one frame and never more than its longest. */
export class FrameAssembler {
	readonly #receiver: FrameReceiver;
	readonly #buffer: Uint8Array;
	#length = 0;
	#begun = false;

	/** @param longest - octets of payload a frame may have */
	constructor(receiver: FrameReceiver, longest: number) {
		this.#receiver = receiver;
		this.#buffer = new Uint8Array(L2CAP_HEADER + longest);
	}

	/** Takes what a packet carried. @param start - true where a frame begins */
	push(bytes: Uint8Array, start: boolean): void {
		// An empty packet that continues is what a link sends to keep itself alive.
		if (!start && bytes.length === 0) return;
		if (start && this.#begun) this.#drop("begun anew before its end");
		if (!start && !this.#begun) {
			this.#receiver.fault("continued without a beginning");
			return;
		}
		this.#begun = true;
		if (this.#length + bytes.length > this.#buffer.length) {
			this.#drop("too long");
			return;
		}
		this.#buffer.set(bytes, this.#length);
		this.#length += bytes.length;
		if (this.#length >= L2CAP_HEADER) this.#finish();
	}

	#finish(): void {
		const view = new DataView(this.#buffer.buffer);
		const whole = L2CAP_HEADER + view.getUint16(0, true);
		if (whole > this.#buffer.length) this.#drop("too long");
		else if (this.#length > whole) this.#drop("overrun");
		else if (this.#length === whole) {
			const channel = view.getUint16(2, true);
			const payload = this.#buffer.slice(L2CAP_HEADER, whole);
			this.#forget();
			this.#receiver.frame(channel, payload);
		}
	}

	#drop(why: FrameFault): void {
		this.#forget();
		this.#receiver.fault(why);
	}

	#forget(): void {
		this.#begun = false;
		this.#length = 0;
	}
}
