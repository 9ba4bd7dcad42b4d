import { styleText } from "node:util";

/** Styles the program uses; none of them carries meaning alone. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Where a command writes: results on standard output, everything else on standard error. */
export interface Terminal {
	/** Whether someone watches: standard error is a terminal, so a line may be redrawn. */
	readonly interactive: boolean;
	/** Width of that terminal in columns. */
	readonly columns: number;
	/** Writes lines of results. */
	out(text: string): void;
	/** Writes lines for the reader: notes, progress, errors. */
	note(text: string): void;
	/** Redraws the one transient line at the bottom; an empty text removes it. Nothing where nobody watches. */
	status(text: string): void;
	/** Styles text for standard output. */
	paint(style: Style, text: string): string;
	/** Styles text for standard error. */
	paintNote(style: Style, text: string): string;
}

/** The part of a writable stream that is needed here. */
export interface TextSink {
	/** Whether it is a terminal. */
	readonly isTTY?: boolean;
	/** Its width in columns, when it is one. */
	readonly columns?: number;
	/** Takes text. */
	write(text: string): unknown;
}

/** The sequences `styleText` makes, and every control character but tab and line feed. */
const CONTROLS = new RegExp(`${String.fromCharCode(0x1b)}\\[[\\d;]*m|[^\\P{Cc}\\t\\n]`, "gu");

const ERASE_LINE = "\r\u001b[K";

/**
 * A terminal over two streams. Colours follow NO_COLOR and FORCE_COLOR (no-color.org).
 * @param out standard output
 * @param err standard error
 * @param env environment variables
 */
export function createTerminal(
	out: TextSink,
	err: TextSink,
	env: Record<string, string | undefined>,
): Terminal {
	const interactive = err.isTTY === true && env.TERM !== "dumb" && !env.CI;
	let transient = "";

	function erase(): void {
		if (transient !== "") err.write(ERASE_LINE);
	}

	function restore(): void {
		if (transient !== "") err.write(transient);
	}

	function painter(sink: TextSink): (style: Style, text: string) => string {
		const colours = wantsColour(sink, env);
		return (style, text) => (colours ? styleText(style, text, { validateStream: false }) : text);
	}

	return {
		interactive,
		get columns() {
			return err.columns ?? 80;
		},
		out(text) {
			erase();
			out.write(`${visible(text)}\n`);
			restore();
		},
		note(text) {
			erase();
			err.write(`${visible(text)}\n`);
			restore();
		},
		status(text) {
			if (!interactive) return;
			erase();
			transient = visible(text);
			restore();
		},
		paint: painter(out),
		paintNote: painter(err),
	};
}

/**
 * Text with its control characters written out as in JSON: what cameras, cards and files say must not steer the
 * terminal. Colours stay.
 */
function visible(text: string): string {
	return text.replace(CONTROLS, (found) =>
		found.length > 1 ? found : `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
}

function wantsColour(sink: TextSink, env: Record<string, string | undefined>): boolean {
	if (env.NO_COLOR) return false;
	if (env.FORCE_COLOR) return env.FORCE_COLOR !== "0";
	return sink.isTTY === true && env.TERM !== "dumb";
}
