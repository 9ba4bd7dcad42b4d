import { readFile } from "node:fs/promises";

/** The page that says how evidence is laid out. */
const PAGE = new URL("../../../docs/evidence-format.md", import.meta.url);

/** What an export holds so that it can be checked without these tools, and when nobody has them any more. */
export interface FormatPage {
	/** The description of the format, Markdown. */
	readonly page: Uint8Array;
	/** The verifier that is printed in it, Python. */
	readonly verifier: Uint8Array;
}

/** Reads the page. @throws Error when the page prints no verifier */
export async function readFormatPage(): Promise<FormatPage> {
	const page = await readFile(PAGE);
	const verifier = /```python\n(.*?)```/s.exec(page.toString("utf8"))?.[1];
	if (verifier === undefined) throw new Error("the page on the format of evidence prints no verifier");
	return { page, verifier: new TextEncoder().encode(verifier) };
}
