import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TEST_PLAINTEXT, testIdentities } from "@bodycam/protocol/testing/age-builder";
import { buildRecord, TEST_AGE, testKeys, wholeRecording } from "@bodycam/protocol/testing/custody-builder";
import { flipped } from "@bodycam/protocol/testing/custody-tampering";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byteRange } from "../evidence/byte-range.ts";
import { writeIdentityFile } from "../evidence/identity-file.ts";
import { choosePlayer } from "../operations/evidence/player.ts";
import { writeEvidence } from "../testing/evidence-files.ts";
import { bodycam, startBodycam } from "./testing/command-line.ts";
import { runInProcess } from "./testing/in-process.ts";

const ROOT = Buffer.from(testKeys.root.publicKey).toString("hex");
const whole = buildRecord(wholeRecording());

let directory = "";
let identity = "";
beforeAll(() => {
	directory = mkdtempSync(join(tmpdir(), "evidence-play-"));
	identity = join(directory, "work.txt");
	writeIdentityFile(identity, testIdentities[0], { now: 0 });
});
afterAll(() => rmSync(directory, { recursive: true }));

const args = (name: string, age?: Uint8Array) => {
	const files = writeEvidence(directory, name, whole, age);
	return ["evidence", "play", files.age, "-i", identity, "--root", ROOT];
};

test("serves a recording to players, in parts too, until Ctrl-C", async () => {
	const playing = startBodycam([...args("served"), "--no-open"]);
	const url = await playing.line("http://127.0.0.1:");
	expect(url).toMatch(/\/[0-9a-f]{32}\/served\.mp4$/);

	const all = await fetch(url);
	expect(all.headers.get("content-type")).toBe("video/mp4");
	expect(Buffer.compare(Buffer.from(await all.arrayBuffer()), TEST_PLAINTEXT)).toBe(0);

	const part = await fetch(url, { headers: { Range: "bytes=65530-65545" } });
	expect([part.status, part.headers.get("content-range")]).toEqual([
		206,
		`bytes 65530-65545/${TEST_PLAINTEXT.length}`,
	]);
	expect([...new Uint8Array(await part.arrayBuffer())]).toEqual([...TEST_PLAINTEXT.subarray(65_530, 65_546)]);

	const beyond = await fetch(url, { headers: { Range: `bytes=${TEST_PLAINTEXT.length}-` } });
	expect(beyond.status).toBe(416);
	expect((await fetch(url, { method: "POST" })).status).toBe(405);
	expect((await fetch(url.replace(/\/[0-9a-f]{32}\//, "/"))).status).toBe(404);

	playing.process.kill("SIGINT");
	expect((await playing.outcome).code).toBe(130);
	await expect(fetch(url)).rejects.toThrow();
});

test("starts a player with the address, and ends with it", async () => {
	const player = join(directory, "player");
	const seen = join(directory, "seen");
	const script = `fetch(process.argv[2]).then((r) => r.arrayBuffer()).then((b) => require("fs").writeFileSync(${JSON.stringify(seen)}, Buffer.from(b)));`;
	writeFileSync(player, `#!${process.execPath}\n${script}\n`);
	chmodSync(player, 0o755);
	const { code, stderr } = await bodycam([...args("played"), "--player", player]);
	expect(code, stderr).toBe(0);
	expect(stderr).toContain("complete: nothing was changed");
	expect(Buffer.compare(readFileSync(seen), TEST_PLAINTEXT)).toBe(0);
});

describe("refused is", () => {
	test("a recording that is broken", async () => {
		const { failure } = await runInProcess(...args("broken", flipped(TEST_AGE, 70_000)), "--no-open");
		expect(failure).toMatchObject({ exitCode: 6, message: expect.stringContaining("is broken") });
	});

	test("a player that is not there, before anything is read", async () => {
		const { failure } = await runInProcess(...args("whole"), "--player", "no-such-player");
		expect(failure).toMatchObject({ exitCode: 2, message: "there is no player no-such-player" });
	});

	test("a directory with several recordings", async () => {
		const [, , path = "", ...rest] = args("several");
		expect(existsSync(path)).toBe(true);
		const { failure } = await runInProcess("evidence", "play", directory, ...rest, "--no-open");
		expect(failure).toMatchObject({ exitCode: 2 });
	});
});

describe("the player", () => {
	const has =
		(...programs: string[]) =>
		(command: string) =>
			programs.includes(command);

	test.each([
		["that is named, with its options", "mpv --fs", ["mpv", "vlc"], "mpv", ["--fs"]],
		["that is there, before a browser", undefined, ["xdg-open", "vlc"], "vlc", []],
		["is a browser where there is none", undefined, ["xdg-open"], "xdg-open", []],
	])("%s", (_what, wanted, programs, command, options) => {
		expect(choosePlayer(wanted, has(...programs), "linux")).toMatchObject({ command, args: options });
	});

	test("is asked for where there is nothing", () => {
		expect(() => choosePlayer(undefined, has(), "linux")).toThrow("no player was found");
	});
});

test.each([
	[undefined, undefined],
	["bytes=0-0", { from: 0, to: 1 }],
	["bytes=10-", { from: 10, to: 100 }],
	["bytes=-10", { from: 90, to: 100 }],
	["bytes=-200", { from: 0, to: 100 }],
	["bytes=90-200", { from: 90, to: 100 }],
	["bytes=100-", "unsatisfiable"],
	["bytes=-0", "unsatisfiable"],
	["bytes=5-4", undefined],
	["bytes=0-1,5-6", undefined],
	["bytes=-", undefined],
	["lines=1-2", undefined],
])("of 100 bytes, the range %s is %o", (header, range) => {
	expect(byteRange(header, 100)).toEqual(range);
});
