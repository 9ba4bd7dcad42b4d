import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { AnswerGuard } from "./answer-guard.ts";

/** A process that never answers, in a group of its own. */
function silent(): { readonly group: number; readonly ended: Promise<unknown[]> } {
	const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"], {
		detached: true,
		stdio: "ignore",
	});
	return { group: child.pid ?? 0, ended: once(child, "exit") };
}

test("takes no process group that could be its own", () => {
	expect(() => new AnswerGuard(0)).toThrow(RangeError);
	expect(() => new AnswerGuard(1)).toThrow(RangeError);
});

test("ends a process that does not answer in time, and not one that was answered", async () => {
	const [late, answered] = [silent(), silent()];
	const guards = [new AnswerGuard(late.group, 1), new AnswerGuard(answered.group, 1)] as const;
	for (const guard of guards) guard.asked();
	guards[1].answered();
	expect(await late.ended).toEqual([null, "SIGKILL"]);
	expect(guards.map(({ timedOut }) => timedOut)).toEqual([true, false]);
	for (const guard of guards) guard.release();
	process.kill(answered.group, "SIGTERM");
	expect(await answered.ended).toEqual([null, "SIGTERM"]);
});

test("ends the next one in the same place, too, when it begins to be waited for at once", async () => {
	for (let turn = 0; turn < 3; turn++) {
		const late = silent();
		const guard = new AnswerGuard(late.group, 1);
		guard.asked();
		expect(await late.ended).toEqual([null, "SIGKILL"]);
		guard.release();
	}
});
