import { describe, expect, test } from "vitest";
import type { LogBook } from "../events/log-book.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { FileError, type FileErrorCode, FileTree, type Folder } from "./file-tree.ts";
import { LogFolder } from "./log-folder.ts";
import { SCRATCH_BYTES, SCRATCH_FILES, ScratchFolder } from "./scratch-folder.ts";

const bytes = (length: number) => new Uint8Array(length).fill(7);

async function codeOf(work: () => unknown): Promise<FileErrorCode> {
	try {
		await work();
	} catch (error) {
		if (error instanceof FileError) return error.code;
		throw error;
	}
	throw new Error("it worked");
}

describe("the scratch folder", () => {
	test("appends at the end, and begins anew at 0", async () => {
		const folder = new ScratchFolder();
		expect(folder.write("a", 0, bytes(10), 15)).toBe(10);
		expect(folder.write("a", 10, bytes(5), undefined)).toBe(15);
		expect(folder.write("a", 0, bytes(3), 3)).toBe(3);
		expect(folder.open("a")?.length).toBe(3);
	});

	test("says how long a file is that is written at another place", () => {
		const folder = new ScratchFolder();
		folder.write("a", 0, bytes(10), 20);
		for (const offset of [1, 9, 11])
			expect(() => folder.write("a", offset, bytes(1), undefined)).toThrow(
				expect.objectContaining({ code: "wrong-offset", length: 10 }),
			);
		expect(() => folder.write("b", 5, bytes(1), undefined)).toThrow(
			expect.objectContaining({ code: "wrong-offset", length: 0 }),
		);
	});

	test("takes what it has room for, and not a byte more", async () => {
		const folder = new ScratchFolder();
		expect(folder.write("a", 0, bytes(SCRATCH_BYTES - 10), SCRATCH_BYTES - 10)).toBe(SCRATCH_BYTES - 10);
		expect(await codeOf(() => folder.write("b", 0, bytes(1), 11))).toBe("full");
		expect(await codeOf(() => folder.write("b", 0, bytes(11), 11))).toBe("full");
		expect(folder.write("b", 0, bytes(10), 10)).toBe(10);
		expect(await codeOf(() => folder.write("b", 10, bytes(1), undefined))).toBe("full");
		expect(folder.write("a", 0, bytes(5), 5)).toBe(5);
	});

	test("takes so many files", async () => {
		const folder = new ScratchFolder();
		for (let file = 0; file < SCRATCH_FILES; file++) folder.write(`f${file}`, 0, bytes(1), 1);
		expect(await codeOf(() => folder.write("more", 0, bytes(1), 1))).toBe("full");
		expect(folder.write("f0", 0, bytes(2), 2)).toBe(2);
	});

	test.each(["", ".", "..", ".x", "a b", "a\0", "ä", "x".repeat(33)])("refuses the name %j", async (name) => {
		expect(await codeOf(() => new ScratchFolder().write(name, 0, bytes(1), 1))).toBe("invalid-name");
	});

	test("gives copies: what is read does not change what is kept", async () => {
		const folder = new ScratchFolder();
		folder.write("a", 0, bytes(4), 4);
		const copy = (await folder.open("a")?.read(0, 4)) ?? new Uint8Array();
		copy.fill(0);
		expect(await folder.open("a")?.read(0, 4)).toEqual(bytes(4));
	});
});

describe("the tree", () => {
	const fixed: Folder = {
		list: () => ["x"],
		open: (name) => (name === "x" ? { length: 0, read: () => bytes(0) } : undefined),
	};
	const tree = new FileTree(
		new Map<string, Folder>([
			["fixed", fixed],
			["scratch", new ScratchFolder()],
		]),
	);

	test.each<[string, FileErrorCode]>([
		["/fixed/y", "not-found"],
		["/nowhere/x", "not-found"],
		["/fixed/", "directory"],
		["/fixed", "directory"],
		["/", "directory"],
		["fixed/x", "invalid-name"],
		["/fixed/x/y", "invalid-name"],
		["/fixed/../x", "invalid-name"],
	])("does not open %s: %s", async (path, code) => {
		expect(await codeOf(() => tree.open(path))).toBe(code);
	});

	test.each<[string, FileErrorCode]>([
		["/fixed/x", "read-only"],
		["/nowhere/x", "no-folder"],
		["/scratch", "directory"],
		["/scratch/..", "invalid-name"],
	])("does not write %s: %s", async (path, code) => {
		expect(await codeOf(() => tree.write(path, 0, bytes(1), 1))).toBe(code);
	});

	test("lists folders and files", async () => {
		expect(tree.list("/")).toEqual(["fixed/", "scratch/"]);
		expect(tree.list("/fixed/")).toEqual(["x"]);
		expect(await codeOf(() => tree.list("/nowhere"))).toBe("no-folder");
	});
});

describe("the log as a file", () => {
	function folderOf(lines: number): LogFolder {
		const memory = createNodeMediaMemory(8192);
		const log: Pick<LogBook, "read"> = {
			read: (after, max) => {
				const count = Math.min(max, 4, lines - after);
				const items = Array.from({ length: count }, (_, index) => {
					const sequence = after + index + 1;
					return { sequence, monotonicMs: sequence, level: "info" as const, text: `ü${"x".repeat(200)}` };
				});
				return { items, next: after + count, lost: 0 };
			},
		};
		let lent = 0;
		const buffers = { size: 4096, take: async () => (lent++ === 0 ? 0 : 4096), give: () => void lent-- };
		return new LogFolder({ log, memory, buffers });
	}

	test("has every line while they fit", async () => {
		const file = await folderOf(10).open("log.txt");
		const text = Buffer.from((await file?.read(0, file.length)) ?? []).toString("utf8");
		expect(text.split("\n")).toHaveLength(11);
		expect(text).toMatch(/^1 info üx+\n2 info /);
	});

	test("has the last lines when they do not, and begins with a whole one", async () => {
		const file = await folderOf(1000).open("log.txt");
		expect(file?.length).toBeLessThanOrEqual(64 * 1024);
		const text = Buffer.from((await file?.read(0, file.length)) ?? []).toString("utf8");
		expect(text).toMatch(/^\d+ info üx/);
		expect(text).toMatch(/\n1000 info üx+\n$/);
	});

	test("is the only one there", async () => {
		expect(await folderOf(1).open("other.txt")).toBeUndefined();
	});
});
