import { type CameraEvent, cameraEvent } from "../camera/events.ts";
import { decodeCbor } from "../cbor/codec.ts";
import { map, uint } from "../schema/schema.ts";
import { parse } from "../schema/validate.ts";

/** Schema of an entry of the stored event log. */
export const logEntry = map(
	{
		entry: uint({ min: 1, max: 0xffff_ffff, doc: "counts up by one over the log of a card" }),
		boot: uint({ max: 0xffff_ffff, doc: "a random number of its own for each boot of the camera" }),
		event: cameraEvent,
	},
	{ name: "log-entry", doc: "an entry of the event log on the card" },
);

/** What can be read of an entry, also when a later firmware has written it. */
export interface ReadEntry {
	/** Number of the entry. */
	readonly entry: number;
	/** Boot of the camera. */
	readonly boot: number;
	/** Sequence of the event in its boot. */
	readonly sequence: number;
	/** Type of the event. */
	readonly type: string;
	/** Time since power-on, ms. */
	readonly monotonicMs: number;
	/** The event; undefined when this version does not know its type or its members. */
	readonly event: CameraEvent | undefined;
}

/** Most bytes an entry has besides its event. */
export const ENTRY_HEAD_MAX = 1 + 6 + 5 + 5 + 5 + 6;

const ENTRY_KEY = textItem("entry");
const BOOT_KEY = textItem("boot");
const EVENT_KEY = textItem("event");

function textItem(text: string): number[] {
	const bytes = [0x60 + text.length];
	for (let i = 0; i < text.length; i++) bytes.push(text.charCodeAt(i));
	return bytes;
}

/**
 * Writes what stands before the event in an entry, in shortest form (RFC 8949 section 4.2.1). Allocates nothing.
 * @returns the offset behind it, where the event's CBOR goes
 */
export function writeEntryHead(to: Uint8Array, at: number, entry: number, boot: number): number {
	to[at] = 0xa3;
	let next = put(to, at + 1, ENTRY_KEY);
	next = putUint(to, next, entry);
	next = put(to, next, BOOT_KEY);
	next = putUint(to, next, boot);
	return put(to, next, EVENT_KEY);
}

function put(to: Uint8Array, at: number, bytes: readonly number[]): number {
	for (let i = 0; i < bytes.length; i++) to[at + i] = bytes[i] as number;
	return at + bytes.length;
}

function putUint(to: Uint8Array, at: number, value: number): number {
	if (value < 24) {
		to[at] = value;
		return at + 1;
	}
	const width = value < 0x100 ? 1 : value < 0x1_0000 ? 2 : 4;
	to[at] = width === 1 ? 0x18 : width === 2 ? 0x19 : 0x1a;
	let rest = value;
	for (let i = width; i > 0; i--) {
		to[at + i] = rest % 0x100;
		rest = Math.floor(rest / 0x100);
	}
	return at + 1 + width;
}

/** Reads an entry; undefined when it is none. */
export function decodeEntry(bytes: Uint8Array): ReadEntry | undefined {
	let item: unknown;
	try {
		item = decodeCbor(bytes);
	} catch {
		return undefined;
	}
	const { entry, boot, event } = asRecord(item);
	const { sequence, type, monotonicMs } = asRecord(event);
	if (!isCount(entry) || !isCount(boot) || !isCount(sequence) || !isCount(monotonicMs)) return undefined;
	if (typeof type !== "string") return undefined;
	return { entry, boot, sequence, type, monotonicMs, event: understood(event) };
}

function asRecord(value: unknown): Record<string, unknown> {
	return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function isCount(value: unknown): value is number {
	return Number.isSafeInteger(value) && (value as number) >= 0;
}

function understood(event: unknown): CameraEvent | undefined {
	try {
		return parse(cameraEvent, event);
	} catch {
		return undefined;
	}
}
