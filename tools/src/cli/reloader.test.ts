import type { Firmware } from "@bodycam/simulator/simulator/firmware";
import type { RunningSimulator } from "@bodycam/simulator/simulator/start";
import { expect, test } from "vitest";
import { Reloader } from "./reloader.ts";

function firmware(content: number): Firmware {
	return { artefact: Uint8Array.of(content), mapStack: (stack) => `${stack} of ${content}` };
}

/** A reloader around a simulator that only notes what is done to it. */
function rig(builds: (() => Firmware)[]) {
	const notes: string[] = [];
	let end: (error: Error) => void = () => undefined;
	let mapStack: (stack: string) => string = (stack) => stack;
	const reloader = new Reloader(
		{},
		{
			build: async () => {
				const build = builds.shift();
				if (build === undefined) throw new Error("nothing left to build");
				return build();
			},
			start: async ({ firmware: first }) => {
				notes.push(`start ${first?.artefact[0]}`);
				mapStack = first?.mapStack ?? mapStack;
				const board = {
					program: (artefact: Uint8Array) => notes.push(`program ${artefact[0]}`),
					reset: () => notes.push("reset"),
				};
				const ended = new Promise<void>((_resolve, reject) => {
					end = reject;
				});
				return {
					cameras: [{ board }],
					ended,
					stop: async () => notes.push("stop"),
				} as unknown as RunningSimulator;
			},
			onStarted: () => notes.push("started"),
			onReloaded: () => notes.push("reloaded"),
			onFailure: (error) => notes.push(`failed: ${(error as Error).message}`),
		},
	);
	return { reloader, notes, die: (error: Error) => end(error), mapStack: (stack: string) => mapStack(stack) };
}

test("the first build starts the simulator, the next one restarts its cameras", async () => {
	const { reloader, notes } = rig([() => firmware(1), () => firmware(2)]);
	await reloader.reload();
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "program 2", "reset", "reloaded"]);
});

test("a save that changes nothing in the artefact does not restart the camera", async () => {
	const { reloader, notes } = rig([() => firmware(1), () => firmware(1)]);
	await reloader.reload();
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started"]);
});

test("a firmware that does not build leaves the old one running", async () => {
	const broken = (): Firmware => {
		throw new Error("x.ts:1: wrong");
	};
	const { reloader, notes } = rig([() => firmware(1), broken, () => firmware(2)]);
	for (let save = 0; save < 3; save++) await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "failed: x.ts:1: wrong", "program 2", "reset", "reloaded"]);
});

test("after a firmware that died at every boot the next one starts the simulator again", async () => {
	const { reloader, notes, die } = rig([() => firmware(1), () => firmware(2)]);
	await reloader.reload();
	die(new Error("x.ts:7"));
	await new Promise((resolve) => setImmediate(resolve));
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "failed: x.ts:7", "start 2", "started"]);
});

test("stacks are mapped with the firmware that runs now", async () => {
	const { reloader, mapStack } = rig([() => firmware(1), () => firmware(2)]);
	await reloader.reload();
	await reloader.reload();
	expect(mapStack("stack")).toBe("stack of 2");
});

test("saves during a build are built one after another", async () => {
	const { reloader, notes } = rig([() => firmware(1), () => firmware(2), () => firmware(3)]);
	await Promise.all([reloader.reload(), reloader.reload(), reloader.reload()]);
	expect(notes.filter((note) => note !== "reset" && note !== "reloaded")).toEqual([
		"start 1",
		"started",
		"program 2",
		"program 3",
	]);
});

test("closing ends the simulator", async () => {
	const { reloader, notes } = rig([() => firmware(1)]);
	await reloader.reload();
	await reloader.close();
	expect(notes.at(-1)).toBe("stop");
});
