import { ATT, ATT_ERROR, DEFAULT_MTU, MAXIMUM_VALUE } from "./codes.ts";
import type { Attribute, GattDatabase } from "./database.ts";
import { CHARACTERISTIC, PRIMARY_SERVICE, sameUuid, uuidOctets } from "./uuid.ts";

/** What an ATT server needs of the link it stands on, and whom it tells. */
export interface AttBearer {
	/** Sends a PDU to the client. */
	send(pdu: Uint8Array): void;
	/** True while the link is encrypted. */
	readonly encrypted: boolean;
	/** The client and the server have agreed on an MTU, octets. */
	mtu(octets: number): void;
	/** The client wrote a value; it belongs to the receiver. */
	written(handle: number, value: Uint8Array): void;
	/** The client subscribed to a characteristic's values, or no longer. */
	subscribed(handle: number, on: boolean): void;
}

/** A request is refused. */
class Refusal extends Error {
	readonly code: number;
	readonly handle: number;

	constructor(code: number, handle = 0) {
		super(`ATT error ${code} at handle ${handle}`);
		this.code = code;
		this.handle = handle;
	}
}

const u16 = (value: number): [number, number] => [value & 0xff, value >> 8];

/** One client's view of a GATT database: answers its requests one by one (Bluetooth Core, Vol 3 Part F). */
export class AttServer {
	readonly #database: GattDatabase;
	readonly #bearer: AttBearer;
	readonly #maximumMtu: number;
	readonly #subscriptions = new Set<number>();
	#mtu = DEFAULT_MTU;

	/** @param maximumMtu - the largest MTU it agrees to, octets */
	constructor(database: GattDatabase, bearer: AttBearer, maximumMtu: number) {
		this.#database = database;
		this.#bearer = bearer;
		this.#maximumMtu = Math.max(DEFAULT_MTU, maximumMtu);
	}

	/** The MTU agreed on, octets. */
	get mtu(): number {
		return this.#mtu;
	}

	/** Sends a value to the client. False where it has not subscribed or the value is longer than the MTU allows. */
	notify(handle: number, value: Uint8Array): boolean {
		if (!this.#subscriptions.has(handle) || value.length > this.#mtu - 3) return false;
		this.#bearer.send(Uint8Array.from([ATT.notification, ...u16(handle), ...value]));
		return true;
	}

	/** Takes a PDU from the client. */
	receive(pdu: Uint8Array): void {
		const opcode = pdu[0];
		if (opcode === undefined) return;
		// Commands have no answer, not even to a mistake; a confirmation answers what this server never sends.
		if (opcode === ATT.writeCommand) this.#writeCommand(pdu);
		else if ((opcode & 0x40) === 0 && opcode !== ATT.confirmation && opcode % 2 === 0)
			this.#request(opcode, pdu);
	}

	#request(opcode: number, pdu: Uint8Array): void {
		try {
			this.#bearer.send(
				Uint8Array.from(this.#answer(opcode, new DataView(pdu.buffer, pdu.byteOffset, pdu.length))),
			);
		} catch (error) {
			const refusal = error instanceof Refusal ? error : undefined;
			// A DataView that is read past its end: the request is shorter than it must be.
			if (refusal === undefined && !(error instanceof RangeError)) throw error;
			const code = refusal?.code ?? ATT_ERROR.invalidPdu;
			this.#bearer.send(Uint8Array.from([ATT.error, opcode, ...u16(refusal?.handle ?? 0), code]));
		}
		// Only now: the answer still goes with the old MTU.
		if (opcode === ATT.mtuRequest && pdu.length === 3) this.#agree(pdu);
	}

	#agree(pdu: Uint8Array): void {
		const theirs = (pdu[1] ?? 0) | ((pdu[2] ?? 0) << 8);
		this.#mtu = Math.max(DEFAULT_MTU, Math.min(this.#maximumMtu, theirs));
		this.#bearer.mtu(this.#mtu);
	}

	#answer(opcode: number, pdu: DataView): readonly number[] {
		const handle = () => pdu.getUint16(1, true);
		switch (opcode) {
			case ATT.mtuRequest:
				exactly(pdu, 3);
				return [ATT.mtuResponse, ...u16(this.#maximumMtu)];
			case ATT.findInformationRequest:
				return this.#information(this.#range(pdu));
			case ATT.findByTypeValueRequest:
				return this.#byTypeValue(pdu);
			case ATT.readByTypeRequest:
				return this.#byType(pdu);
			case ATT.readByGroupRequest:
				return this.#byGroup(pdu);
			case ATT.readRequest:
				exactly(pdu, 3);
				return [ATT.readResponse, ...this.#read(handle()).subarray(0, this.#mtu - 1)];
			case ATT.readBlobRequest:
				exactly(pdu, 5);
				return [ATT.readBlobResponse, ...this.#blob(handle(), pdu.getUint16(3, true))];
			case ATT.writeRequest:
				this.#write(handle(), octets(pdu, 3), false);
				return [ATT.writeResponse];
			default:
				throw new Refusal(ATT_ERROR.requestNotSupported);
		}
	}

	#range(pdu: DataView): readonly Attribute[] {
		const first = pdu.getUint16(1, true);
		const last = pdu.getUint16(3, true);
		if (first === 0 || first > last) throw new Refusal(ATT_ERROR.invalidHandle, first);
		return this.#database.between(first, last);
	}

	#information(range: readonly Attribute[]): number[] {
		const width = range[0]?.type.length;
		const found = whileFits(
			range.filter(({ type }) => type.length === width),
			range,
			this.#mtu - 2,
			({ handle, type }) => [...u16(handle), ...type],
		);
		if (found.length === 0) throw new Refusal(ATT_ERROR.attributeNotFound, 0);
		return [ATT.findInformationResponse, width === 2 ? 1 : 2, ...found];
	}

	#byTypeValue(pdu: DataView): number[] {
		const range = this.#range(pdu);
		const type = octets(pdu, 5, 7);
		const value = octets(pdu, 7);
		const matching = range.filter(
			(attribute) => sameUuid(attribute.type, type) && attribute.fixed && sameUuid(attribute.fixed, value),
		);
		const found = whileFits(matching, matching, this.#mtu - 1, ({ handle, groupEnd }) => [
			...u16(handle),
			...u16(groupEnd),
		]);
		if (found.length === 0) throw new Refusal(ATT_ERROR.attributeNotFound, pdu.getUint16(1, true));
		return [ATT.findByTypeValueResponse, ...found];
	}

	#byType(pdu: DataView): number[] {
		const first = pdu.getUint16(1, true);
		const type = octets(pdu, 5);
		if (type.length !== 2 && type.length !== 16) throw new Refusal(ATT_ERROR.invalidPdu);
		const matching = this.#range(pdu).filter((attribute) => sameUuid(attribute.type, type));
		const head = matching[0];
		if (head === undefined) throw new Refusal(ATT_ERROR.attributeNotFound, first);
		// One value that has to be read is given alone: the others' lengths may differ from one moment to the next.
		const readable = sameUuid(type, uuidOctets(CHARACTERISTIC)) ? matching : [head];
		const values = readable.map(({ handle, fixed }) => ({ handle, value: fixed ?? this.#read(handle) }));
		const length = Math.min(values[0]?.value.length ?? 0, this.#mtu - 4, 253);
		const same = values.filter(({ value }) => value.length === values[0]?.value.length);
		const found = whileFits(same, values, this.#mtu - 2, ({ handle, value }) => [
			...u16(handle),
			...value.subarray(0, length),
		]);
		return [ATT.readByTypeResponse, length + 2, ...found];
	}

	#byGroup(pdu: DataView): number[] {
		const first = pdu.getUint16(1, true);
		const range = this.#range(pdu);
		const type = octets(pdu, 5);
		if (type.length !== 2 && type.length !== 16) throw new Refusal(ATT_ERROR.invalidPdu);
		if (!sameUuid(type, uuidOctets(PRIMARY_SERVICE))) throw new Refusal(ATT_ERROR.unsupportedGroup, first);
		const services = range.filter(({ kind }) => kind === "service");
		const width = services[0]?.fixed?.length;
		if (width === undefined) throw new Refusal(ATT_ERROR.attributeNotFound, first);
		const same = services.filter(({ fixed }) => fixed?.length === width);
		const found = whileFits(same, services, this.#mtu - 2, ({ handle, groupEnd, fixed }) => [
			...u16(handle),
			...u16(groupEnd),
			...(fixed ?? []),
		]);
		return [ATT.readByGroupResponse, width + 4, ...found];
	}

	#blob(handle: number, offset: number): Uint8Array {
		const value = this.#read(handle);
		if (offset > value.length) throw new Refusal(ATT_ERROR.invalidOffset, handle);
		return value.subarray(offset, offset + this.#mtu - 1);
	}

	#read(handle: number): Uint8Array {
		const attribute = this.#permitted(handle);
		if (attribute.fixed) return attribute.fixed;
		if (attribute.kind === "configuration")
			return Uint8Array.of(this.#subscriptions.has(handle - 1) ? 1 : 0, 0);
		const read = attribute.characteristic?.read;
		if (read === undefined) throw new Refusal(ATT_ERROR.readNotPermitted, handle);
		return read().subarray(0, MAXIMUM_VALUE);
	}

	#write(handle: number, value: Uint8Array, command: boolean): void {
		const attribute = this.#permitted(handle);
		const { characteristic, kind } = attribute;
		if (kind === "configuration" && !command) {
			if (value.length !== 2) throw new Refusal(ATT_ERROR.invalidLength, handle);
			this.#subscribe(handle - 1, ((value[0] ?? 0) & 1) === 1);
			return;
		}
		const allowed = command ? characteristic?.writeWithoutResponse : characteristic?.write;
		if (kind !== "value" || !allowed) throw new Refusal(ATT_ERROR.writeNotPermitted, handle);
		if (value.length > MAXIMUM_VALUE) throw new Refusal(ATT_ERROR.invalidLength, handle);
		this.#bearer.written(handle, value);
	}

	#subscribe(handle: number, on: boolean): void {
		if (this.#subscriptions.has(handle) === on) return;
		if (on) this.#subscriptions.add(handle);
		else this.#subscriptions.delete(handle);
		this.#bearer.subscribed(handle, on);
	}

	#writeCommand(pdu: Uint8Array): void {
		if (pdu.length < 3 || pdu.length > this.#mtu) return;
		try {
			this.#write((pdu[1] ?? 0) | ((pdu[2] ?? 0) << 8), pdu.slice(3), true);
		} catch (error) {
			if (!(error instanceof Refusal)) throw error;
		}
	}

	#permitted(handle: number): Attribute {
		const attribute = this.#database.at(handle);
		if (attribute === undefined) throw new Refusal(ATT_ERROR.invalidHandle, handle);
		const guarded = attribute.kind === "value" || attribute.kind === "configuration";
		if (guarded && attribute.characteristic?.encrypted && !this.#bearer.encrypted)
			throw new Refusal(ATT_ERROR.insufficientEncryption, handle);
		return attribute;
	}
}

function exactly(pdu: DataView, length: number): void {
	if (pdu.byteLength !== length) throw new Refusal(ATT_ERROR.invalidPdu);
}

/** A copy of a part of a PDU. @throws Refusal where it ends before the part begins */
function octets(pdu: DataView, from: number, to = pdu.byteLength): Uint8Array {
	if (pdu.byteLength < from || pdu.byteLength < to) throw new Refusal(ATT_ERROR.invalidPdu);
	return new Uint8Array(pdu.buffer, pdu.byteOffset, pdu.byteLength).slice(from, to);
}

/**
 * Entries one after another while they fit. A list ends before the first that is not of the kind of its first one:
 * the client asks again from there, and must miss none.
 */
function whileFits<T>(
	alike: readonly T[],
	all: readonly T[],
	room: number,
	entry: (item: T) => number[],
): number[] {
	const found: number[] = [];
	for (let index = 0; index < alike.length; index++) {
		const item = alike[index];
		if (item === undefined || item !== all[index]) break;
		const bytes = entry(item);
		if (found.length + bytes.length > room) break;
		found.push(...bytes);
	}
	return found;
}
