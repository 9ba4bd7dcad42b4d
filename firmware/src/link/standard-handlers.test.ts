import type { Command } from "@bodycam/protocol/smp/command";
import { enumerationDetails, enumerationList, enumerationSingle } from "@bodycam/protocol/smp/enumeration";
import { FilesystemError, fileHash, fileRead, fileWrite } from "@bodycam/protocol/smp/filesystem";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { SettingsError, settingsRead, settingsWrite } from "@bodycam/protocol/smp/settings";
import { SHELL_INVALID, SHELL_NOT_FOUND, ShellError, shellExecute } from "@bodycam/protocol/smp/shell";
import { describe, expect, test } from "vitest";
import { FileError, FileTree, type Folder } from "../files/file-tree.ts";
import { ScratchFolder } from "../files/scratch-folder.ts";
import { LocalSettingsEditor } from "../settings/local-settings.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { registerEnumerationHandlers } from "./enumeration-handlers.ts";
import { registerFilesystemHandlers } from "./filesystem-handlers.ts";
import { ReadBuffers } from "./read-buffers.ts";
import { registerSettingsHandlers } from "./settings-handlers.ts";
import { registerShellHandlers } from "./shell-handlers.ts";

const BUFFER = 4096;

function camera(): { ask(command: Command, request: Record<string, unknown>): Promise<unknown> } {
	const server = new SmpServer({ bufferSize: BUFFER, bufferCount: 8 });
	const memory = createNodeMediaMemory(65_536);
	const buffers = new ReadBuffers({ at: 0, bytes: 2 * BUFFER }, BUFFER);
	/** A file on a card: reading it takes a buffer. */
	const large: Folder = {
		list: () => ["large", "broken"],
		open: (name) => ({
			length: 3 * 1024 * 1024,
			read: async (_offset, length) => {
				if (name === "broken") throw new FileError("read-failed", "the card is gone");
				const at = await buffers.take();
				await Promise.resolve();
				buffers.give(at);
				return new Uint8Array(length);
			},
		}),
	};
	const files = new FileTree(
		new Map<string, Folder>([
			["card", large],
			["scratch", new ScratchFolder()],
		]),
	);
	registerEnumerationHandlers(server, { 64: "mine" });
	registerFilesystemHandlers(server, { files, memory, buffers });
	registerShellHandlers(server, { version: "v", uptime: () => 1234.5, list: (folder) => files.list(folder) });
	registerSettingsHandlers(
		server,
		new LocalSettingsEditor({
			keyValue: { write: () => Promise.resolve() },
			stored: () => Promise.resolve({}),
			apply: () => Promise.resolve(),
			recording: () => false,
		}),
	);
	return {
		ask: (command, request) =>
			new Promise((resolve) => {
				server.handle(encodeRequest(command, request, 1), OPEN_SESSION, (packet) =>
					resolve(decodeResponse(command, packet.slice())),
				);
			}),
	};
}

const refused = (code: number, group?: number) => ({ ok: false, error: { group, code } });

describe("files", () => {
	test("are hashed one after the other, so that each finds its buffers", async () => {
		const { ask } = camera();
		const hash = { name: "/card/large", type: "sha256", len: 20_000 };
		const answers = await Promise.all(Array.from({ length: 8 }, () => ask(fileHash, hash)));
		for (const answer of answers) expect(answer).toMatchObject({ ok: true, response: { len: 20_000 } });
	});

	test("are hashed after one that failed too", async () => {
		const { ask } = camera();
		const failed = ask(fileHash, { name: "/card/broken", len: 10 });
		const good = ask(fileHash, { name: "/card/large", len: 10 });
		expect(await failed).toMatchObject({
			error: { group: 8, code: FilesystemError.readFailed.code, reason: "the card is gone" },
		});
		expect(await good).toMatchObject({ ok: true });
	});

	test("are hashed in parts of bounded size", async () => {
		const { ask } = camera();
		expect(await ask(fileHash, { name: "/card/large" })).toMatchObject(refused(ReturnCode.invalid));
		expect(await ask(fileHash, { name: "/card/large", off: 2 * 1024 * 1024 })).toMatchObject({ ok: true });
	});

	test("that are empty, or end before the part, have no hash", async () => {
		const { ask } = camera();
		await ask(fileWrite, { name: "/scratch/e", off: 0, len: 0, data: new Uint8Array() });
		const empty = await ask(fileHash, { name: "/scratch/e" });
		expect(empty).toMatchObject(refused(FilesystemError.empty.code, 8));
		await ask(fileWrite, { name: "/scratch/a", off: 0, len: 4, data: new Uint8Array(4) });
		const behind = await ask(fileHash, { name: "/scratch/a", off: 4 });
		expect(behind).toMatchObject(refused(FilesystemError.offsetTooLarge.code, 8));
	});

	test("that begin need their length, and every one a name", async () => {
		const { ask } = camera();
		const data = new Uint8Array(1);
		expect(await ask(fileWrite, { name: "/scratch/a", off: 0, data })).toMatchObject(
			refused(ReturnCode.invalid),
		);
		expect(await ask(fileRead, { name: "", off: 0 })).toMatchObject(refused(ReturnCode.invalid));
		expect(await ask(fileRead, { name: `/${"x".repeat(64)}`, off: 0 })).toMatchObject(
			refused(ReturnCode.invalid),
		);
	});
});

describe("the shell", () => {
	test.each<[string[], number, RegExp]>([
		[["help"], 0, /kernel version\r\nkernel uptime/],
		[["kernel", "version"], 0, /^\r\nv\r\n$/],
		[["kernel uptime"], 0, /^\r\nUptime: 1234 ms\r\n$/],
		[["fs", "ls", "/card"], 0, /^\r\nlarge\r\nbroken\r\n$/],
		[["fs", "ls", "/nowhere"], SHELL_INVALID, /there is no folder nowhere/],
		[["kernel"], SHELL_INVALID, /wrong parameter/],
		[["reboot"], SHELL_NOT_FOUND, /reboot: command not found/],
		[["kernel", "reboot"], SHELL_INVALID, /wrong parameter/],
	])("answers %j with %i", async (argv, ret, output) => {
		const answer = (await camera().ask(shellExecute, { argv })) as { response: { o: string; ret: number } };
		expect(answer.response.ret).toBe(ret);
		expect(answer.response.o).toMatch(output);
	});

	test("refuses a line that is empty or too long", async () => {
		const { ask } = camera();
		for (const argv of [[], [""], ["  "]])
			expect(await ask(shellExecute, { argv })).toMatchObject(refused(ShellError.empty.code, 9));
		const long = await ask(shellExecute, { argv: ["x".repeat(200), "y".repeat(60)] });
		expect(long).toMatchObject(refused(ShellError.tooLong.code, 9));
	});
});

describe("settings", () => {
	const val = new TextEncoder().encode("Kamera 7");

	test("give as many bytes as are wanted, and say when they give fewer than that could be", async () => {
		const { ask } = camera();
		await ask(settingsWrite, { name: "bodycam/name", val });
		const some = await ask(settingsRead, { name: "bodycam/name", max_size: 3 });
		expect(some).toMatchObject({ response: { val: val.slice(0, 3) } });
		const all = await ask(settingsRead, { name: "bodycam/name", max_size: 5000 });
		expect(all).toMatchObject({ response: { val, max_size: 256 } });
	});

	test("are refused by name", async () => {
		const { ask } = camera();
		const long = `bodycam/${"x".repeat(60)}`;
		expect(await ask(settingsRead, { name: long })).toMatchObject(refused(SettingsError.nameTooLong.code, 3));
		const unknown = await ask(settingsWrite, { name: "bodycam/identity", val });
		expect(unknown).toMatchObject(refused(SettingsError.notFound.code, 3));
		expect(await ask(settingsRead, { name: "" })).toMatchObject(refused(ReturnCode.invalid));
		const wrong = await ask(settingsWrite, { name: "bodycam/preRecordMs", val });
		expect(wrong).toMatchObject(refused(ReturnCode.invalid));
		expect(wrong).toMatchObject({ error: { reason: expect.stringContaining("preRecordMs") } });
	});
});

test("enumeration describes the groups that are asked for, and names the last one", async () => {
	const { ask } = camera();
	expect(await ask(enumerationList, {})).toMatchObject({ response: { groups: [10, 8, 9, 3] } });
	expect(await ask(enumerationDetails, { groups: [9, 77] })).toMatchObject({
		response: { groups: [{ group: 9, name: "shell mgmt", handlers: 1 }] },
	});
	expect(await ask(enumerationSingle, { index: 3 })).toMatchObject({ response: { group: 3, end: true } });
});
