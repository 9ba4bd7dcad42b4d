/** Text that is markup already. */
export class Markup {
	/** The markup. */
	readonly text: string;

	/** @param text - markup that is safe: nothing in it that came from outside was left as it was */
	constructor(text: string) {
		this.text = text;
	}
}

/** What can stand in a template: text is escaped, markup is not, lists are put one behind the other. */
export type Part = string | number | Markup | readonly Part[] | undefined;

/**
 * HTML from a template (HTML Living Standard, 13.1): whatever is put in is escaped unless it is markup already. Values of
 * attributes have to stand in double quotes.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
	return new Markup(strings.map((text, index) => text + textOf(parts[index])).join(""));
}

function textOf(part: Part): string {
	if (part === undefined) return "";
	if (part instanceof Markup) return part.text;
	if (typeof part === "object") return part.map(textOf).join("");
	return escapeText(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

/** What HTML takes for more than text, and characters that no document may have or that turn the order of others. */
const UNSAFE = /[&<>"']|[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function escapeText(text: string): string {
	return text.replaceAll(UNSAFE, (character) => ENTITIES[character] ?? "\ufffd");
}
