import { expect, test } from "vitest";
import { watchBoard } from "./sim-view.ts";
import { createTerminal } from "./terminal.ts";

test("a firmware that dies the same way at every boot shows its stack once", () => {
	let text = "";
	const sink = {
		write: (more: string) => {
			text += more;
		},
	};
	const terminal = createTerminal(sink, sink, {});
	const events = watchBoard({ terminal, json: false, signal: new AbortController().signal, env: {} }, "cam1");
	const message = "the firmware stopped\nat main.ts:3";
	events.onReset?.({ reason: "exception", message }, 0);
	events.onReset?.({ reason: "exception", message }, 1);
	events.onFailed?.(new Error(message));
	expect(text.match(/main\.ts:3/g)).toHaveLength(1);
	expect(text).toContain("gives up");
});
