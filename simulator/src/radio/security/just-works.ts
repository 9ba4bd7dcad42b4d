import type { RandomStream } from "../../world/random.ts";
import { confirmValue, type PairingAddress, shortTermKey } from "./legacy-functions.ts";

/** Codes of the security manager (Bluetooth Core, Vol 3 Part H, section 3.3). */
const PAIRING_REQUEST = 0x01;
const PAIRING_RESPONSE = 0x02;
const PAIRING_CONFIRM = 0x03;
const PAIRING_RANDOM = 0x04;
const PAIRING_FAILED = 0x05;

/** Reasons pairing fails for (section 3.5.5). */
const CONFIRM_VALUE_FAILED = 0x04;
const KEY_SIZE = 0x06;
const UNSPECIFIED = 0x08;
const COMMAND_NOT_SUPPORTED = 0x07;

/** A device without a keyboard and a display. */
const NO_INPUT_NO_OUTPUT = 0x03;

/** Length of every key here, octets. */
const KEY_OCTETS = 16;

/** The temporary key of Just Works: nobody confirms anything, so it protects from listening only in part. */
const TEMPORARY_KEY = new Uint8Array(KEY_OCTETS);

/** What a pairing needs of the link it happens on. */
export interface PairingLink {
	readonly initiator: PairingAddress;
	readonly responder: PairingAddress;
	readonly random: RandomStream;
	/** Sends a PDU to the initiator. */
	send(pdu: Uint8Array): void;
}

/**
 * The responder of LE legacy pairing with Just Works, the only pairing noble does over HCI. No keys are distributed:
 * the key lasts as long as the connection. LE Secure Connections is not offered.
 */
export class JustWorksResponder {
	readonly #link: PairingLink;
	readonly #own = new Uint8Array(KEY_OCTETS);
	#request: Uint8Array | undefined;
	#response: Uint8Array | undefined;
	#confirm: Uint8Array | undefined;
	#key: Uint8Array | undefined;

	constructor(link: PairingLink) {
		this.#link = link;
	}

	/** The key agreed on; undefined before that. */
	get key(): Uint8Array | undefined {
		return this.#key;
	}

	/** Takes a PDU of the initiator. */
	receive(pdu: Uint8Array): void {
		const [code] = pdu;
		if (code === undefined) return;
		if (code === PAIRING_FAILED) this.#forget();
		else if (code === PAIRING_REQUEST && pdu.length === 7) this.#begin(pdu);
		else if (code === PAIRING_CONFIRM && pdu.length === 17) this.#confirmed(pdu.slice(1));
		else if (code === PAIRING_RANDOM && pdu.length === 17) this.#revealed(pdu.slice(1));
		else this.#fail(code <= PAIRING_RANDOM ? UNSPECIFIED : COMMAND_NOT_SUPPORTED);
	}

	#begin(request: Uint8Array): void {
		this.#forget();
		// Shorter keys are allowed by the standard and refused here.
		if (request[4] !== KEY_OCTETS) {
			this.#fail(KEY_SIZE);
			return;
		}
		this.#request = request;
		this.#response = Uint8Array.of(PAIRING_RESPONSE, NO_INPUT_NO_OUTPUT, 0, 0, KEY_OCTETS, 0, 0);
		this.#link.random.fill(this.#own);
		this.#link.send(this.#response);
	}

	#confirmed(confirm: Uint8Array): void {
		if (this.#request === undefined || this.#confirm !== undefined) {
			this.#fail(UNSPECIFIED);
			return;
		}
		this.#confirm = confirm;
		this.#link.send(Uint8Array.from([PAIRING_CONFIRM, ...this.#value(this.#own)]));
	}

	#revealed(random: Uint8Array): void {
		if (this.#confirm === undefined) {
			this.#fail(UNSPECIFIED);
			return;
		}
		if (Buffer.compare(this.#value(random), this.#confirm) !== 0) {
			this.#fail(CONFIRM_VALUE_FAILED);
			return;
		}
		this.#key = shortTermKey(TEMPORARY_KEY, this.#own, random);
		this.#confirm = undefined;
		this.#link.send(Uint8Array.from([PAIRING_RANDOM, ...this.#own]));
	}

	#value(random: Uint8Array): Uint8Array {
		const nothing = new Uint8Array(7);
		const { initiator, responder } = this.#link;
		const request = this.#request ?? nothing;
		return confirmValue(TEMPORARY_KEY, random, request, this.#response ?? nothing, initiator, responder);
	}

	#fail(reason: number): void {
		this.#forget();
		this.#link.send(Uint8Array.of(PAIRING_FAILED, reason));
	}

	#forget(): void {
		this.#request = undefined;
		this.#response = undefined;
		this.#confirm = undefined;
	}
}
