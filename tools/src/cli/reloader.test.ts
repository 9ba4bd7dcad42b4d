import type { Firmware } from "@bodycam/simulator/simulator/firmware";
import type { RunningSimulator } from "@bodycam/simulator/simulator/start";
import { expect, test } from "vitest";
import { Reloader } from "./reloader.ts";

function firmware(content: number): Firmware {
	return { artefact: Uint8Array.of(content), mapStack: (stack) => stack };
}

/** A reloader around a simulator that only notes what is done to it. */
function rig(builds: (() => Firmware)[]) {
	const notes: string[] = [];
	let end: (error: Error) => void = () => undefined;
	let stop: () => void = () => undefined;
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
				const ended = new Promise<void>((resolve, reject) => {
					end = reject;
					stop = resolve;
				});
				return {
					ended,
					reload: ({ artefact }: Firmware) => notes.push(`reload ${artefact[0]}`),
					stop: async () => {
						notes.push("stop");
						stop();
					},
				} as unknown as RunningSimulator;
			},
			onStarted: () => notes.push("started"),
			onReloaded: () => notes.push("reloaded"),
			onUnchanged: () => notes.push("unchanged"),
			onEnded: () => notes.push("ended"),
			onFailure: (error) => notes.push(`failed: ${(error as Error).message}`),
		},
	);
	return { reloader, notes, die: (error: Error) => end(error), stopFromOutside: () => stop() };
}

test("the first build starts the simulator, the next one restarts its cameras", async () => {
	const { reloader, notes } = rig([() => firmware(1), () => firmware(2)]);
	await reloader.reload();
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "reload 2", "reloaded"]);
});

test("a save that changes nothing in the artefact is told and does not restart the camera", async () => {
	const { reloader, notes } = rig([() => firmware(1), () => firmware(1)]);
	await reloader.reload();
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "unchanged"]);
});

test("going back to the source that runs after one that did not build is told", async () => {
	const broken = (): Firmware => {
		throw new Error("wrong");
	};
	const { reloader, notes } = rig([() => firmware(1), broken, () => firmware(1)]);
	for (let save = 0; save < 3; save++) await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "failed: wrong", "unchanged"]);
});

test("a simulator that is stopped from outside is told, and no later save reloads or starts anything", async () => {
	const { reloader, notes, stopFromOutside } = rig([() => firmware(1), () => firmware(2)]);
	await reloader.reload();
	stopFromOutside();
	await new Promise((resolve) => setImmediate(resolve));
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "ended"]);
});

test("a simulator that the reloader itself stops is not told as ended", async () => {
	const { reloader, notes } = rig([() => firmware(1)]);
	await reloader.reload();
	await reloader.close();
	await new Promise((resolve) => setImmediate(resolve));
	expect(notes).toEqual(["start 1", "started", "stop"]);
});

test("a firmware that does not build leaves the old one running", async () => {
	const broken = (): Firmware => {
		throw new Error("x.ts:1: wrong");
	};
	const { reloader, notes } = rig([() => firmware(1), broken, () => firmware(2)]);
	for (let save = 0; save < 3; save++) await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "failed: x.ts:1: wrong", "reload 2", "reloaded"]);
});

test("after a firmware that died at every boot the next one starts the simulator again", async () => {
	const { reloader, notes, die } = rig([() => firmware(1), () => firmware(2)]);
	await reloader.reload();
	die(new Error("x.ts:7"));
	await new Promise((resolve) => setImmediate(resolve));
	await reloader.reload();
	expect(notes).toEqual(["start 1", "started", "failed: x.ts:7", "start 2", "started"]);
});

test("saves during a build are built one after another", async () => {
	const { reloader, notes } = rig([() => firmware(1), () => firmware(2), () => firmware(3)]);
	await Promise.all([reloader.reload(), reloader.reload(), reloader.reload()]);
	expect(notes.filter((note) => note !== "reloaded")).toEqual(["start 1", "started", "reload 2", "reload 3"]);
});

test("closing ends the simulator", async () => {
	const { reloader, notes } = rig([() => firmware(1)]);
	await reloader.reload();
	await reloader.close();
	expect(notes.at(-1)).toBe("stop");
});
