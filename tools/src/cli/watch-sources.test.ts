import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { watchSources } from "./watch-sources.ts";

let root: string;
let stop: () => void;
let changes: AsyncGenerator<readonly string[], void, undefined>;

beforeEach(() => {
	root = mkdtempSync(join(tmpdir(), "bodycam-watch-"));
	mkdirSync(join(root, "inner"));
	writeFileSync(join(root, "inner", "a.ts"), "1");
	changes = watched();
});

afterEach(() => {
	stop();
	rmSync(root, { recursive: true, force: true });
});

/** The changes as they come; watching begins at once. */
function watched(): AsyncGenerator<readonly string[], void, undefined> {
	const queue: (readonly string[])[] = [];
	let wake: () => void = () => undefined;
	stop = watchSources([root], (files) => {
		queue.push(files);
		wake();
	});
	return (async function* () {
		for (;;) {
			const next = queue.shift();
			if (next !== undefined) yield next;
			else
				await new Promise<void>((resolve) => {
					wake = resolve;
				});
		}
	})();
}

test("tells a file that is written", async () => {
	writeFileSync(join(root, "inner", "a.ts"), "2");
	expect((await changes.next()).value).toEqual([join(root, "inner", "a.ts")]);
});

test("still tells a file after an editor replaced it by renaming", async () => {
	const file = join(root, "inner", "a.ts");
	writeFileSync(`${file}.new`, "2");
	renameSync(`${file}.new`, file);
	expect((await changes.next()).value).toEqual([file]);
	writeFileSync(file, "3");
	expect((await changes.next()).value).toEqual([file]);
});

test("tells files in a directory that is made later", async () => {
	mkdirSync(join(root, "later"));
	writeFileSync(join(root, "inner", "a.ts"), "2");
	await changes.next();
	writeFileSync(join(root, "later", "b.ts"), "1");
	expect((await changes.next()).value).toEqual([join(root, "later", "b.ts")]);
});

test("saves of several files at once are one change, and tests and other files are none", async () => {
	for (const name of ["a.test.ts", "notes.txt", "b.ts", "a.ts"])
		writeFileSync(join(root, "inner", name), "2");
	expect((await changes.next()).value).toEqual([join(root, "inner", "a.ts"), join(root, "inner", "b.ts")]);
});
