import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CardImageMaker, recordOf } from "../testing/card-image.ts";
import { bodycam } from "./testing/command-line.ts";

let folder: string;
let card: CardImageMaker;
let contents: Buffer[];

const part = (seed: number) => Uint8Array.from({ length: 2000 + seed }, (_, i) => (i * 31 + seed) & 255);
const parts = (seed: number) => [0, 1, 2, 3].map((index) => part(seed * 10 + index));

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "card-"));
	card = new CardImageMaker();
	contents = [1, 2, 3].map((number) => card.add(number, parts(number)));
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(...args: string[]) {
	writeFileSync(join(folder, "card.img"), card.bytes);
	return bodycam(["card", ...args], { cwd: folder });
}

/** What stands for the first items of a record, a segment's worth each. */
const records = (number: number, count: number) =>
	Buffer.concat(Array.from({ length: count }, (_, index) => recordOf(number, index)));

const file = (name: string) => readFileSync(join(folder, name));
const segment = (number: number, index: number) => card.segments.get(number)?.[index] ?? -1;

describe("card extract", () => {
	test("extracts what can be extracted, reports each failure and exits 6", async () => {
		card.damage(segment(1, 2) + 300);
		card.damage(segment(2, 0) + 300);
		const outcome = await run("extract", "card.img", "--out", "all");
		expect(outcome.code, outcome.stderr).toBe(6);
		expect(file("all/0badcafe-0003.mp4.age")).toEqual(contents[2]);
		expect(file("all/0badcafe-0003.custody.cbor")).toEqual(records(3, 5));
		expect(file("all/0badcafe-0001.damaged.mp4.age")).toEqual(Buffer.concat(parts(1).slice(0, 2)));
		expect(file("all/0badcafe-0001.damaged.custody.cbor")).toEqual(records(1, 2));
		expect(outcome.stderr).toContain("recording 1 is damaged at byte");
		expect(outcome.stderr).toContain("0badcafe-0001.damaged.mp4.age");
		expect(outcome.stderr).toMatch(/behind .* 1 segment /);
		expect(outcome.stderr).toContain("recording 2 is damaged at byte 0");
		expect(outcome.stderr).not.toContain("0badcafe-0002");
		expect(readdirSync(join(folder, "all")).sort()).toEqual([
			"0badcafe-0001.damaged.custody.cbor",
			"0badcafe-0001.damaged.json",
			"0badcafe-0001.damaged.mp4.age",
			"0badcafe-0003.custody.cbor",
			"0badcafe-0003.json",
			"0badcafe-0003.mp4.age",
		]);
	});

	test("says that recordings are missing from the index, and exits 6", async () => {
		for (const at of card.entries.slice(0, 4)) card.damage(at + 40);
		const outcome = await run("extract", "card.img", "--out", "all");
		expect(outcome.code, outcome.stderr).toBe(6);
		expect(outcome.stderr).toMatch(/recordings 1.2 are missing/);
		expect(file("all/0badcafe-0003.mp4.age")).toEqual(contents[2]);
	});

	test("does not overwrite a file that is something else, unless told to", async () => {
		writeFileSync(join(folder, "mine.mp4.age"), "mine");
		const refused = await run("extract", "card.img", "1", "--out", "mine.mp4.age");
		expect(refused.code, refused.stderr).toBe(2);
		expect(refused.stderr).toContain("mine.mp4.age is there already and is not recording 1");
		expect(file("mine.mp4.age").toString()).toBe("mine");
		expect(existsSync(join(folder, "mine.json"))).toBe(false);
		expect((await run("extract", "card.img", "1", "--out", "mine.mp4.age", "--overwrite")).code).toBe(0);
		expect(file("mine.mp4.age")).toEqual(contents[0]);
		expect((await run("extract", "card.img", "1", "--out", "mine.mp4.age")).code).toBe(0);
	});

	test("does not overwrite a file with an unfinished recording either", async () => {
		const whole = card.add(4, parts(4), { closed: false });
		writeFileSync(join(folder, "mine.mp4.age"), "mine");
		expect((await run("extract", "card.img", "4", "--out", "mine.mp4.age")).code).toBe(2);
		expect(file("mine.mp4.age").toString()).toBe("mine");
		expect((await run("extract", "card.img", "4", "--out", "other.mp4.age")).code).toBe(0);
		expect(file("other.mp4.age")).toEqual(whole);
		expect((await run("extract", "card.img", "4", "--out", "other.mp4.age")).code).toBe(0);
		expect(JSON.parse(file("other.json").toString())).not.toHaveProperty("interrupted");
	});

	test("leaves erased recordings out, and says why when one is asked for", async () => {
		card.add(4, parts(4), { receipt: Uint8Array.of(1, 2, 3) });
		expect((await run("extract", "card.img", "--out", "all")).code).toBe(0);
		expect(readdirSync(join(folder, "all")).filter((name) => name.includes("0004"))).toEqual([]);
		const outcome = await run("extract", "card.img", "4", "--out", "all");
		expect(outcome.code).toBe(2);
		expect(outcome.stderr).toContain("recording 4 has been erased");
		expect(readdirSync(join(folder, "all")).filter((name) => name.endsWith(".part"))).toEqual([]);
		const listed = JSON.parse((await run("ls", "card.img", "--json")).stdout)[3];
		expect(listed).toMatchObject({ number: 4, state: "erased", receipt: "010203" });
	});

	test("copies a missing or shortened record again", async () => {
		expect((await run("extract", "card.img", "1", "--out", "all")).code).toBe(0);
		writeFileSync(join(folder, "all/0badcafe-0001.custody.cbor"), "short");
		expect((await run("extract", "card.img", "1", "--out", "all")).code).toBe(2);
		rmSync(join(folder, "all/0badcafe-0001.custody.cbor"));
		expect((await run("extract", "card.img", "1", "--out", "all")).code).toBe(0);
		expect(file("all/0badcafe-0001.custody.cbor")).toEqual(records(1, 5));
	});

	test("puts a record that has gone on in the place of what it begins with", async () => {
		expect((await run("extract", "card.img", "1", "--out", "all")).code).toBe(0);
		writeFileSync(join(folder, "all/0badcafe-0001.custody.cbor"), records(1, 4));
		expect((await run("extract", "card.img", "1", "--out", "all")).code).toBe(0);
		expect(file("all/0badcafe-0001.custody.cbor")).toEqual(records(1, 5));
		expect(file("all/0badcafe-0001.mp4.age")).toEqual(contents[0]);
	});

	test("of a number that is not there is a mistake in the call", async () => {
		const outcome = await run("extract", "card.img", "99");
		expect(outcome.code).toBe(2);
		expect(outcome.stderr).toContain("no recording 99");
		expect(outcome.stderr).toContain("bodycam card ls");
	});
});

describe("card ls", () => {
	test("of a directory names it, in words and with advice", async () => {
		const outcome = await run("ls", ".", "--json");
		expect(outcome.code).toBe(2);
		const { error } = JSON.parse(outcome.stderr);
		expect(error).toMatchObject({ code: "usage", hint: expect.stringContaining("card.img") });
		expect(error.message).toBe(". is a directory");
	});

	test("tells which numbers are missing", async () => {
		for (const at of card.entries.slice(0, 4)) card.damage(at + 40);
		const outcome = await run("ls", "card.img");
		expect(outcome.code).toBe(0);
		expect(outcome.stdout).toMatch(/^1–2\s+missing/m);
		expect(outcome.stderr).toMatch(/recordings 1–2 are missing/);
		expect(JSON.parse((await run("ls", "card.img", "--json")).stdout)[0]).toEqual({
			state: "missing",
			first: 1,
			last: 2,
		});
	});

	test("tells of an unfinished recording only what is known", async () => {
		const whole = card.add(4, parts(4), { closed: false });
		const entry = JSON.parse((await run("ls", "card.img", "--json")).stdout)[3];
		expect(entry).toMatchObject({ number: 4, state: "unfinished", bytes: whole.length, device: "0badcafe" });
		expect(entry.video).toEqual({ width: 640, height: 360, bitRate: 500_000 });
		expect(entry.trigger).toEqual({ monotonicMs: 1, source: "button" });
		expect(entry.preRecord).toEqual({ configuredMs: 30_000, capacityMs: 40_000 });
		for (const unknown of ["interrupted", "drainMs", "sha256"]) expect(entry).not.toHaveProperty(unknown);
	});
});
