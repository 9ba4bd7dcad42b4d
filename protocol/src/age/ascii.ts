/** The bytes of a text of this format. @throws RangeError when it is not ASCII */
export function asciiBytes(text: string): Uint8Array {
	const bytes = new Uint8Array(text.length);
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code > 0x7f) throw new RangeError("text in an age file is ASCII");
		bytes[index] = code;
	}
	return bytes;
}

/** The text of bytes, each one character. @param bytes - ASCII */
export function asciiText(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}
