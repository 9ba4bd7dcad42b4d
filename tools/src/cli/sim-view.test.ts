import { expect, test } from "vitest";
import { printStarted, type StartedCamera, watchBoard } from "./sim-view.ts";
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

test("what was started says what decrypts its recordings: a file, or the identity itself", () => {
	let text = "";
	const sink = {
		write: (more: string) => {
			text += more;
		},
	};
	const terminal = createTerminal(sink, sink, {});
	const camera: StartedCamera = {
		name: "cam1",
		udp: "udp:127.0.0.1:1",
		identity: "AGE-SECRET-KEY-1Q",
		pid: 1,
	};
	const context = { terminal, json: false, signal: new AbortController().signal, env: {} };
	printStarted(context, [camera]);
	expect(text).toContain("throw-away agency, decrypted with AGE-SECRET-KEY-1Q\n");
	printStarted(context, [{ ...camera, identityFile: "state/agency/daily-identity.txt" }]);
	expect(text).toContain("decrypted with state/agency/daily-identity.txt\n");
	expect(text.match(/SECRET/g)).toHaveLength(1);
});
