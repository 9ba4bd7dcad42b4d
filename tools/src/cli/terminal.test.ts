import { expect, test } from "vitest";
import { createTerminal, type TextSink } from "./terminal.ts";

function sink(isTTY: boolean): TextSink & { text: string } {
	return {
		isTTY,
		columns: 80,
		text: "",
		write(text: string) {
			this.text += text;
		},
	};
}

test("the transient line is removed before other text and redrawn after it", () => {
	const out = sink(true);
	const err = sink(true);
	const terminal = createTerminal(out, err, { TERM: "xterm" });
	terminal.status("50 %");
	terminal.note("a note");
	expect(err.text).toBe("50 %\r\u001b[Ka note\n50 %");
});

test("nothing transient is written where nobody watches", () => {
	const err = sink(false);
	createTerminal(sink(false), err, {}).status("50 %");
	expect(err.text).toBe("");
});

test("a CI job counts as nobody watching although it may offer a terminal", () => {
	expect(createTerminal(sink(true), sink(true), { CI: "true" }).interactive).toBe(false);
});

test("NO_COLOR is respected on a terminal", () => {
	expect(createTerminal(sink(true), sink(true), { NO_COLOR: "1" }).paint("red", "x")).toBe("x");
	expect(createTerminal(sink(true), sink(true), {}).paint("red", "x")).not.toBe("x");
	expect(createTerminal(sink(false), sink(true), {}).paint("red", "x")).toBe("x");
});

test("control characters are written out, so that what a camera says cannot steer the terminal", () => {
	const out = sink(true);
	const err = sink(true);
	const terminal = createTerminal(out, err, { TERM: "xterm", FORCE_COLOR: "1" });
	terminal.out(`a\tb\n${terminal.paint("red", "c")}\u001b]0;title\u0007\u009b2J`);
	terminal.note("\u001b[2Jgone\r");
	terminal.status("\u0008");
	expect(out.text).toBe("a\tb\n\u001b[31mc\u001b[39m\\u001b]0;title\\u0007\\u009b2J\n");
	expect(err.text).toBe("\\u001b[2Jgone\\u000d\n\\u0008");
});
