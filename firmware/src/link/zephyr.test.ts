import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { HEADER_BYTES, readHeader } from "@bodycam/protocol/smp/header";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { fromHex, toHex } from "@bodycam/protocol/testing/hex";
import { expect, test } from "vitest";
import { FileTree } from "../files/file-tree.ts";
import { ScratchFolder } from "../files/scratch-folder.ts";
import { LocalSettingsEditor } from "../settings/local-settings.ts";
import { createNodeMediaMemory } from "../testing/node-media-memory.ts";
import { registerEnumerationHandlers } from "./enumeration-handlers.ts";
import { registerFilesystemHandlers } from "./filesystem-handlers.ts";
import { registerOsHandlers } from "./os-handlers.ts";
import { ReadBuffers } from "./read-buffers.ts";
import { registerSettingsHandlers } from "./settings-handlers.ts";
import { registerShellHandlers } from "./shell-handlers.ts";
import { registerStatisticsHandlers } from "./statistics-handlers.ts";

/** The camera's handlers, over what the recorded server had: its folder, its counters, its name. */
function recordedServer(): SmpServer {
	const server = new SmpServer({ bufferSize: 2048, bufferCount: 2 });
	const memory = createNodeMediaMemory(65_536);
	const buffers = new ReadBuffers({ at: 0, bytes: 8192 }, 4096);
	registerEnumerationHandlers(server, {});
	const files = new FileTree(new Map([["lfs1", new ScratchFolder()]]));
	registerFilesystemHandlers(server, { files, memory, buffers });
	registerOsHandlers(server, {
		clock: { time: undefined, set: () => {} },
		info: {
			s: "Zephyr",
			n: "unknown",
			r: "684c9e8f32e4",
			v: "4.4.0",
			b: "Wed Jun  3 22:19:37 2026",
			m: "posix",
			p: "x86",
			i: "native_sim/native",
			o: "Zephyr",
		},
		restart: () => true,
	});
	registerSettingsHandlers(
		server,
		new LocalSettingsEditor({
			keyValue: { write: () => Promise.resolve() },
			stored: () => Promise.resolve({}),
			apply: () => Promise.resolve(),
			recording: () => false,
		}),
	);
	registerShellHandlers(server, { version: "Zephyr version 4.4.0", uptime: () => 0, list: () => [] });
	registerStatisticsHandlers(
		server,
		new Map([
			["flash_sim_stats", () => ({})],
			["flash_sim_thresholds", () => ({})],
			["smp_svr_stats", () => ({ ticks: 0 })],
		]),
	);
	return server;
}

interface Exchange {
	readonly name: string;
	readonly request: Uint8Array;
	readonly answer: Uint8Array;
}

function transcript(): Exchange[] {
	const text = readFileSync(join(import.meta.dirname, "golden", "zephyr-4.4-udp.txt"), "utf8");
	return text
		.split(/^## /m)
		.slice(1)
		.map((part) => {
			const [name = ""] = part.split("\n");
			const packet = (sign: string) =>
				fromHex(new RegExp(`^${sign} ([\\da-f]+)$`, "m").exec(part)?.[1] ?? "");
			return { name, request: packet(">"), answer: packet("<") };
		});
}

/** The names in the first column of the table of differences, one or more a row. */
function listedDifferences(): string[] {
	const page = readFileSync(join(import.meta.dirname, "..", "..", "..", "docs", "smp.md"), "utf8");
	const [, section = ""] = page.split("## Where answers differ");
	return [...section.matchAll(/^\| (`.+`) \|/gm)].flatMap(([, names = ""]) =>
		[...names.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name),
	);
}

function ask(server: SmpServer, request: Uint8Array): Promise<Uint8Array> {
	return new Promise((resolve) => {
		server.handle(request, OPEN_SESSION, (packet) => resolve(packet.slice()));
	});
}

/** What of an answer is compared: its header but for the length, and its map as data. */
function essence(packet: Uint8Array): unknown {
	const header = `${toHex(packet.subarray(0, 2))} ${toHex(packet.subarray(4, HEADER_BYTES))}`;
	return { header, payload: decodeCbor(packet.subarray(HEADER_BYTES)) };
}

test("every recorded request is answered as Zephyr answered it, but for the differences docs/smp.md lists", async () => {
	const server = recordedServer();
	const exchanges = transcript();
	expect(exchanges.length).toBe(131);
	const listed = listedDifferences();
	const differ: string[] = [];
	for (const { name, request, answer } of exchanges) {
		const ours = await ask(server, request);
		expect(readHeader(ours)?.length, name).toBe(ours.length - HEADER_BYTES);
		if (!isDeepStrictEqual(essence(ours), essence(answer))) differ.push(name);
		// Shown with its difference, not only by its name.
		if (!listed.includes(name)) expect(essence(ours), name).toEqual(essence(answer));
	}
	expect(new Set(differ)).toEqual(new Set(listed));
});
