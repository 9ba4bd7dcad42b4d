/** The engine port and Node both have these globals; no library of this project's declares them. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
	label: "utf-8",
	options: { readonly fatal: boolean },
) => { decode(bytes: Uint8Array): string };

/** UTF-8 bytes of a text. */
export function encodeText(text: string): Uint8Array {
	return new TextEncoder().encode(text);
}

/** The text of UTF-8 bytes; undefined when they are none. */
export function decodeText(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
