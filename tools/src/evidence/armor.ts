/** First and last line of an age file in text (C2SP age, "ASCII armor"). */
const BEGIN = "-----BEGIN AGE ENCRYPTED FILE-----";
const END = "-----END AGE ENCRYPTED FILE-----";

/** Characters of a full line. */
const COLUMNS = 64;

/** An age file as text: base64 (RFC 7468) between two lines that say so. */
export function armor(file: Uint8Array): string {
	const lines =
		Buffer.from(file)
			.toString("base64")
			.match(/.{1,64}/g) ?? [];
	return [BEGIN, ...lines, END, ""].join("\n");
}

/** Whether text begins like an age file in text. */
export function isArmored(bytes: Uint8Array): boolean {
	return Buffer.from(bytes).toString("latin1").trimStart().startsWith(BEGIN);
}

/** The age file in a text; undefined when it is damaged. */
export function unarmor(bytes: Uint8Array): Uint8Array | undefined {
	const lines = Buffer.from(bytes).toString("latin1").trim().split(/\r?\n/);
	if (lines.length < 3 || lines[0] !== BEGIN || lines.at(-1) !== END) return undefined;
	const body = lines.slice(1, -1);
	const last = body.at(-1) ?? "";
	if (body.slice(0, -1).some(({ length }) => length !== COLUMNS) || last.length > COLUMNS) return undefined;
	const file = Buffer.from(body.join(""), "base64");
	return file.toString("base64") === body.join("") ? new Uint8Array(file) : undefined;
}
