import { decodeCbor } from "../cbor/codec.ts";
import { CborError } from "../cbor/structure.ts";
import { CoseError, ItemReader, Major } from "../cose/head.ts";
import { decodeSign1, type Sign1 } from "../cose/sign1.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import { type CustodyEntry, custodyEntry } from "./entry.ts";
import { CUSTODY_ITEM_BYTES_MAX, CUSTODY_TYPE } from "./terms.ts";

/** An item of a custody record that could be read. Nothing about it is verified. */
export interface CustodyItem {
	readonly kind: "item";
	/** Where it begins in the record. */
	readonly at: number;
	/** Its bytes. */
	readonly raw: Uint8Array;
	/** What was signed, by whom and how. */
	readonly signed: Sign1;
	/** What it says. */
	readonly entry: CustodyEntry;
}

/** Bytes that are no item. Reading ends here: without an item's length nothing says where the next one begins. */
export interface CustodyRest {
	readonly kind: "rest";
	/** Where they begin in the record. */
	readonly at: number;
	/** How many they are, up to the end. */
	readonly bytes: number;
	/** `torn`: the beginning of an item that is cut off; `malformed`: anything else. */
	readonly why: "torn" | "malformed";
	/** What is wrong, in words. */
	readonly message: string;
}

/**
 * Reads a custody record item by item; it never throws. What cannot be read is the last thing it yields.
 * @param record - hostile bytes
 */
export function* readCustody(record: Uint8Array): Generator<CustodyItem | CustodyRest, void, undefined> {
	for (let at = 0; at < record.length; ) {
		const window = record.subarray(at, at + CUSTODY_ITEM_BYTES_MAX);
		const rest = (why: CustodyRest["why"], message: string): CustodyRest => ({
			kind: "rest",
			at,
			bytes: record.length - at,
			why,
			message,
		});
		const length = itemLength(window);
		if (length === undefined) {
			yield rest("malformed", "it is no COSE_Sign1, or one that is too long");
			return;
		}
		if (length > window.length) {
			yield rest("torn", "it ends in the middle of an item");
			return;
		}
		const raw = window.slice(0, length);
		const item = read(raw, at);
		if (typeof item === "string") {
			yield rest("malformed", item);
			return;
		}
		yield item;
		at += length;
	}
}

function read(raw: Uint8Array, at: number): CustodyItem | string {
	try {
		const signed = decodeSign1(raw);
		if (signed.contentType !== CUSTODY_TYPE) return `it is of the type ${signed.contentType}`;
		return { kind: "item", at, raw, signed, entry: parse(custodyEntry, decodeCbor(signed.payload)) };
	} catch (error) {
		if (error instanceof CoseError || error instanceof CborError || error instanceof SchemaError)
			return error.message;
		throw error;
	}
}

/** Length of the COSE_Sign1 at the start; beyond the end where it is cut off; undefined when it is none. */
function itemLength(bytes: Uint8Array): number | undefined {
	// Tag 18, array of 4; then protected header, empty map, payload, signature.
	if ((bytes[0] ?? 0xd2) !== 0xd2 || (bytes[1] ?? 0x84) !== 0x84) return undefined;
	let at = 2;
	for (const part of ["bytes", "map", "bytes", "bytes"] as const) {
		if (at >= bytes.length) return beyond(bytes);
		if (part === "map") {
			if (bytes[at] !== 0xa0) return undefined;
			at++;
			continue;
		}
		const head = byteStringEnd(bytes, at);
		if (head === undefined) return undefined;
		at = head;
		if (at > CUSTODY_ITEM_BYTES_MAX) return undefined;
	}
	return at;
}

/** An item that is cut off; where the window is full it is too long instead. */
function beyond(bytes: Uint8Array): number | undefined {
	return bytes.length < CUSTODY_ITEM_BYTES_MAX ? bytes.length + 1 : undefined;
}

/** End of the byte string at `at`, which may be beyond the end of `bytes`; undefined when there is none. */
function byteStringEnd(bytes: Uint8Array, at: number): number | undefined {
	const initial = bytes[at] ?? 0;
	if (initial >> 5 !== Major.bytes) return undefined;
	const info = initial & 0x1f;
	if (info > 25) return undefined;
	const width = info < 24 ? 0 : info - 23;
	if (at + 1 + width > bytes.length) return beyond(bytes);
	try {
		return at + 1 + width + new ItemReader(bytes.subarray(at)).head(Major.bytes, "item");
	} catch {
		return undefined;
	}
}
