import { cutShort, viewOf } from "./header.ts";
import { ImageError } from "./image-error.ts";

/** Types of the entries that follow the body (`bootutil/image.h`); from xxA0 to xxFF they are the vendor's. */
export const TlvType = {
	/** SHA-256 of the signer's public key as SubjectPublicKeyInfo. */
	keyHash: 0x01,
	/** SHA-256 of header, body and protected area. */
	sha256: 0x10,
	/** Ed25519 signature of that hash. */
	ed25519: 0x24,
	/** u32, security counter; protected. */
	securityCounter: 0x50,
	/** Which engine the body runs on, see `vendor.ts`; protected. */
	engine: 0x00a0,
	/** Which board the image is for, ASCII; protected. */
	board: 0x00a1,
	/** Hash of what the body was made of; protected. */
	buildId: 0x00a2,
} as const;

const NAMES: Readonly<Record<number, string>> = {
	[TlvType.keyHash]: "key hash",
	[TlvType.sha256]: "SHA-256",
	[TlvType.ed25519]: "Ed25519 signature",
	[TlvType.securityCounter]: "security counter",
	[TlvType.engine]: "engine",
	[TlvType.board]: "board",
	[TlvType.buildId]: "build id",
};

/** One entry of a TLV area. */
export interface Tlv {
	/** u16, one of `TlvType` or another. */
	readonly type: number;
	readonly data: Uint8Array;
}

/** Magic numbers of the areas. */
export const TlvMagic = { protected: 0x6908, unprotected: 0x6907 } as const;

/** Bytes before the data of an entry, and before the first entry of an area. */
const HEAD_BYTES = 4;

/** What a type is called in messages: `the SHA-256 (0x10)`. */
export function tlvName(type: number): string {
	const number = `0x${type.toString(16).padStart(2, "0")}`;
	const name = NAMES[type];
	return name === undefined ? number : `${name} (${number})`;
}

/** Bytes an area takes, its own head included. */
export function tlvAreaBytes(tlvs: readonly Tlv[]): number {
	return tlvs.reduce((total, { data }) => total + HEAD_BYTES + data.length, HEAD_BYTES);
}

/** Writes an area. @throws {RangeError} when it is longer than its length field can say */
export function encodeTlvArea(magic: number, tlvs: readonly Tlv[]): Uint8Array {
	const total = tlvAreaBytes(tlvs);
	if (total > 0xffff) throw new RangeError(`a TLV area has at most 65535 bytes, not ${total}`);
	const area = new Uint8Array(total);
	const view = viewOf(area);
	view.setUint16(0, magic, true);
	view.setUint16(2, total, true);
	let at = HEAD_BYTES;
	for (const { type, data } of tlvs) {
		view.setUint16(at, type, true);
		view.setUint16(at + 2, data.length, true);
		area.set(data, at + HEAD_BYTES);
		at += HEAD_BYTES + data.length;
	}
	return area;
}

/** An area as it was read. */
export interface TlvArea {
	readonly tlvs: readonly Tlv[];
	/** Bytes of it, head included. */
	readonly bytes: number;
}

/**
 * Reads the area at an offset. Its entries have to fill it exactly, and none may be there twice.
 * @param name - `protected` or `unprotected`; its magic number is expected there
 * @returns entries whose data are views of `image`
 * @throws {ImageError} truncated, bad-tlv
 */
export function decodeTlvArea(image: Uint8Array, at: number, name: keyof typeof TlvMagic): TlvArea {
	if (image.length < at + HEAD_BYTES) throw cutShort(image, at + HEAD_BYTES, `${name} TLV area`);
	const view = viewOf(image);
	const magic = view.getUint16(at, true);
	if (magic !== TlvMagic[name])
		throw bad(
			`the ${name} TLV area begins with 0x${magic.toString(16).padStart(4, "0")}, not with 0x${TlvMagic[name].toString(16)}`,
		);
	const bytes = view.getUint16(at + 2, true);
	if (bytes < HEAD_BYTES) throw bad(`the ${name} TLV area gives its length as ${bytes} bytes`);
	const end = at + bytes;
	if (image.length < end) throw cutShort(image, end, `${name} TLV area`);
	const tlvs: Tlv[] = [];
	for (let entry = at + HEAD_BYTES; entry < end; ) {
		if (entry + HEAD_BYTES > end) throw bad(`the ${name} TLV area ends inside an entry`);
		const type = view.getUint16(entry, true);
		const length = view.getUint16(entry + 2, true);
		const next = entry + HEAD_BYTES + length;
		if (next > end)
			throw bad(
				`the entry ${tlvName(type)} gives its length as ${length} bytes: it would reach out of the ${name} TLV area`,
			);
		if (tlvs.some((tlv) => tlv.type === type))
			throw bad(`the entry ${tlvName(type)} is in the ${name} TLV area twice`);
		tlvs.push({ type, data: image.subarray(entry + HEAD_BYTES, next) });
		entry = next;
	}
	return { tlvs, bytes };
}

/**
 * The data of an entry.
 * @param length - bytes it has to have
 * @returns undefined when there is no such entry
 * @throws {ImageError} bad-tlv when its length is another
 */
export function findTlv(tlvs: readonly Tlv[], type: number, length?: number): Uint8Array | undefined {
	const data = tlvs.find((tlv) => tlv.type === type)?.data;
	if (data !== undefined && length !== undefined && data.length !== length)
		throw bad(`the entry ${tlvName(type)} has ${data.length} bytes, not ${length}`);
	return data;
}

function bad(message: string): ImageError {
	return new ImageError("bad-tlv", message);
}
