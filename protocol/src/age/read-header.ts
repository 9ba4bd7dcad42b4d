import { AgeError } from "./age-error.ts";
import { asciiText } from "./ascii.ts";
import { decodeBare64 } from "./base64.ts";
import { type AgeCrypto, TAG_BYTES, X25519_BYTES } from "./crypto.ts";
import { FILE_KEY_BYTES, headerMac, RECIPIENTS_MAX, VERSION_LINE, x25519WrapKey } from "./header.ts";

/** Most bytes a header may have that is read: room for `RECIPIENTS_MAX` stanzas of some length. */
export const HEADER_BYTES_MAX = 16_384;

/** Bytes of a header's MAC. */
const MAC_BYTES = 32;

/** Characters of a full line of a stanza's body; the last line has fewer. */
const BODY_COLUMNS = 64;

/** A stanza: the file key, wrapped for one recipient. */
export interface AgeStanza {
	/** Kind of the recipient, e.g. `X25519`, and what the kind defines. */
	readonly arguments: readonly string[];
	/** The wrapped key, and whatever else the kind defines. */
	readonly body: Uint8Array;
}

/** A header that was taken apart. Nothing about it is verified. */
export interface AgeHeader {
	/** One for each recipient. */
	readonly stanzas: readonly AgeStanza[];
	/** The MAC, 32 bytes. */
	readonly mac: Uint8Array;
	/** What the MAC is over. */
	readonly unsigned: Uint8Array;
	/** Bytes of the header: the payload's nonce begins here. */
	readonly bytes: number;
}

/**
 * Takes apart the header at the start of a file; kinds of recipients that are not known are kept.
 * @param bytes - the file, or at least its first `HEADER_BYTES_MAX`
 * @throws {AgeError} malformed-header
 */
export function readAgeHeader(bytes: Uint8Array): AgeHeader {
	const lines = new Lines(bytes);
	if (lines.next() !== VERSION_LINE) fail("it does not begin with the line of an age v1 file");
	const stanzas: AgeStanza[] = [];
	for (let line = lines.next(); !line.startsWith("---"); line = lines.next()) {
		if (stanzas.length === RECIPIENTS_MAX) fail(`it has more than ${RECIPIENTS_MAX} recipients`);
		stanzas.push({ arguments: argumentsOf(line), body: bodyOf(lines) });
	}
	if (stanzas.length === 0) fail("it has no recipient");
	const last = lines.current;
	const mac = last.startsWith("--- ") ? decodeBare64(last.slice(4)) : undefined;
	if (mac?.length !== MAC_BYTES) fail("its last line has no MAC");
	return { stanzas, mac, unsigned: bytes.slice(0, lines.begin + 3), bytes: lines.end };
}

/**
 * The file key, once an identity has opened a stanza and the MAC of the header has been checked.
 * @param identities - X25519 private keys, each 32 bytes
 * @throws {AgeError} malformed-header for a damaged X25519 stanza, no-identity, header-changed
 */
export function openAgeHeader(
	header: AgeHeader,
	identities: readonly Uint8Array[],
	crypto: AgeCrypto,
): Uint8Array {
	const stanzas = header.stanzas.filter((stanza) => stanza.arguments[0] === "X25519").map(x25519Stanza);
	for (const identity of identities)
		for (const stanza of stanzas) {
			const fileKey = unwrap(stanza, identity, crypto);
			if (fileKey === undefined) continue;
			if (crypto.equal(headerMac(fileKey, header.unsigned, crypto), header.mac)) return fileKey;
			fileKey.fill(0);
			throw new AgeError("header-changed", "the header of the age file was changed after it was written");
		}
	throw new AgeError(
		"no-identity",
		"the file is not encrypted to this key: use the identity of one of its recipients",
	);
}

interface X25519Stanza {
	readonly share: Uint8Array;
	readonly wrapped: Uint8Array;
}

function x25519Stanza(stanza: AgeStanza): X25519Stanza {
	const share = decodeBare64(stanza.arguments[1] ?? "");
	if (stanza.arguments.length !== 2 || share?.length !== X25519_BYTES)
		fail("an X25519 recipient is not written as one");
	if (stanza.body.length !== FILE_KEY_BYTES + TAG_BYTES)
		fail("the key wrapped for X25519 has another length");
	return { share, wrapped: stanza.body };
}

function unwrap(
	{ share, wrapped }: X25519Stanza,
	identity: Uint8Array,
	crypto: AgeCrypto,
): Uint8Array | undefined {
	const recipient = crypto.publicKey(identity);
	const wrapKey = x25519WrapKey(crypto.sharedSecret(identity, share), share, recipient, crypto);
	if (wrapKey === undefined) fail("the share of an X25519 recipient is a point of small order");
	const fileKey = crypto.openOnce(wrapKey, wrapped);
	wrapKey.fill(0);
	return fileKey;
}

function argumentsOf(line: string): readonly string[] {
	if (!line.startsWith("-> ")) fail("a recipient does not begin with an arrow");
	const parts = line.slice(3).split(" ");
	if (parts.some((part) => part === "")) fail("an argument of a recipient is empty");
	return parts;
}

function bodyOf(lines: Lines): Uint8Array {
	let text = "";
	for (;;) {
		const line = lines.next();
		if (line.length > BODY_COLUMNS) fail("a line of a recipient is too long");
		text += line;
		if (line.length < BODY_COLUMNS) break;
	}
	const body = decodeBare64(text);
	if (body === undefined) fail("the body of a recipient is not base64");
	return body;
}

/** The lines of a header, each of printable ASCII and ended by a line feed. */
class Lines {
	readonly #bytes: Uint8Array;
	/** The line that was read last. */
	current = "";
	/** Where it begins. */
	begin = 0;
	/** Where the next one begins. */
	end = 0;

	constructor(bytes: Uint8Array) {
		this.#bytes = bytes.subarray(0, HEADER_BYTES_MAX);
	}

	next(): string {
		this.begin = this.end;
		const feed = this.#bytes.indexOf(0x0a, this.begin);
		if (feed < 0) fail("it is cut off, or too long");
		const line = this.#bytes.subarray(this.begin, feed);
		for (const byte of line) if (byte < 0x20 || byte > 0x7e) fail("it holds what is no printable ASCII");
		this.current = asciiText(line);
		this.end = feed + 1;
		return this.current;
	}
}

function fail(what: string): never {
	throw new AgeError("malformed-header", `this is no header of an age file: ${what}`);
}
