import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { Interruption } from "./failure.ts";
import { askNewPassphrase, askSecret, type SecretTerminal } from "./passphrase.ts";

/** A terminal at which these texts are typed, one an answer. */
function typing(...answers: string[]) {
	class Input extends EventEmitter {
		isTTY = true;
		raw = false;
		setRawMode(raw: boolean) {
			this.raw = raw;
		}
		resume() {
			const answer = answers.shift();
			if (answer !== undefined) queueMicrotask(() => this.emit("data", Buffer.from(answer)));
		}
		pause() {}
	}
	const input = new Input();
	let shown = "";
	const terminal: SecretTerminal = {
		input,
		show: (text) => {
			shown += text;
		},
	};
	return { input, terminal, shown: () => shown };
}

describe("a secret that is typed", () => {
	test("is not shown, and the terminal is as before", async () => {
		const { input, terminal, shown } = typing("geheim\r");
		expect(await askSecret("Passphrase: ", terminal)).toBe("geheim");
		expect(shown()).toBe("Passphrase: \n");
		expect(input.raw).toBe(false);
		expect(input.listenerCount("data")).toBe(0);
	});

	test("can be corrected", async () => {
		expect(await askSecret("?", typing("ab\u007fc\b\bd\n").terminal)).toBe("d");
	});

	test("ends with Ctrl-C", async () => {
		const { input, terminal } = typing("ab\u0003");
		await expect(askSecret("?", terminal)).rejects.toThrow(Interruption);
		expect(input.raw).toBe(false);
	});

	test("is not waited for where there is no terminal", async () => {
		const { input, terminal } = typing();
		input.isTTY = false;
		await expect(askSecret("?", terminal)).rejects.toThrow(UsageError);
	});
});

describe("a new passphrase", () => {
	test("is asked for twice", async () => {
		expect(await askNewPassphrase(typing("geheim\n", "geheim\n").terminal)).toBe("geheim");
	});

	test("is refused when the two differ or it is empty", async () => {
		await expect(askNewPassphrase(typing("geheim\n", "gehiem\n").terminal)).rejects.toThrow(/not the same/);
		await expect(askNewPassphrase(typing("\n").terminal)).rejects.toThrow(/empty/);
	});
});
