import { base64Value, PADDING, writeBase64 } from "../smp/base64.ts";
import { asciiText } from "./ascii.ts";

/** Base64 without padding (RFC 4648 section 3.2), as age writes the arguments and bodies of its header. */
export function encodeBare64(bytes: Uint8Array): string {
	const padded = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
	writeBase64(padded, 0, bytes);
	const end = padded.indexOf(PADDING);
	return asciiText(end < 0 ? padded : padded.subarray(0, end));
}

/** The way back; undefined when a character is none, or the text is not the one that `encodeBare64` writes. */
export function decodeBare64(text: string): Uint8Array | undefined {
	if (text.length % 4 === 1) return undefined;
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
	let group = 0;
	let bits = 0;
	let at = 0;
	for (let index = 0; index < text.length; index++) {
		const value = base64Value(text.charCodeAt(index));
		if (value > 63) return undefined;
		group = (group << 6) | value;
		bits += 6;
		if (bits < 8) continue;
		bits -= 8;
		bytes[at++] = group >> bits;
		group &= (1 << bits) - 1;
	}
	// Bits left over are zero, so that one text stands for one byte string (RFC 4648 section 3.5).
	return group === 0 ? bytes : undefined;
}
