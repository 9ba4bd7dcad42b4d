import { expect, test } from "vitest";
import { createProgress, progressLine } from "./progress.ts";
import { createTerminal } from "./terminal.ts";

function recordingTerminal(): { lines: string[]; terminal: ReturnType<typeof createTerminal> } {
	const lines: string[] = [];
	const err = { write: (text: string) => lines.push(text.trimEnd()) };
	return { lines, terminal: createTerminal(err, err, {}) };
}

test("a bar shows percent, bytes, rate and time left", () => {
	const line = progressLine("recording 1", { done: 1_500_000, total: 3_000_000, rate: 90_000 }, 100);
	expect(line).toBe(
		"recording 1 ███████████████░░░░░░░░░░░░░░░  50 %  1.50 MB of 3.00 MB, 90.0 kB/s, 16.7 s left",
	);
});

test.each([20, 40, 60, 79, 80, 200])("a bar never wraps at %d columns", (columns) => {
	const line = progressLine("recording 1", { done: 1, total: 3_000_000, rate: 90_000 }, columns);
	expect(line.length).toBeLessThan(columns);
});

test("elsewhere a line appears each tenth, not each update", () => {
	const { lines, terminal } = recordingTerminal();
	const view = createProgress(terminal, "recording 1");
	for (let done = 0; done <= 1000; done++) view.update({ done, total: 1000, rate: 0 });
	expect(lines).toHaveLength(10);
	expect(lines.at(-1)).toContain("100 %");
});

test("an empty transfer is complete", () => {
	expect(progressLine("x", { done: 0, total: 0, rate: 0 }, 80)).toContain("100 %");
});
