import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import { enumerationDetails, enumerationSingle } from "@bodycam/protocol/smp/enumeration";
import {
	fileClose,
	fileHash,
	fileHashTypes,
	fileRead,
	fileStatus,
	fileWrite,
} from "@bodycam/protocol/smp/filesystem";
import { osReset } from "@bodycam/protocol/smp/os";
import {
	settingsCommit,
	settingsDelete,
	settingsLoad,
	settingsRead,
	settingsSave,
	settingsWrite,
} from "@bodycam/protocol/smp/settings";
import { shellExecute } from "@bodycam/protocol/smp/shell";
import { statisticsList, statisticsShow } from "@bodycam/protocol/smp/statistics";
import { describe, expect, it } from "vitest";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";

function readFile({ client }: BootedCamera, name: string): Buffer {
	const first = client.request(fileRead, { name, off: 0 });
	const parts = [first.data];
	for (let off = first.data.length; off < (first.len ?? 0); ) {
		const { data } = client.request(fileRead, { name, off });
		if (data.length === 0) throw new Error(`${name} is shorter than it said`);
		parts.push(data);
		off += data.length;
	}
	return Buffer.concat(parts);
}

const text = (value: string) => new TextEncoder().encode(value);

describe("the standard groups on the engine", () => {
	it("show the log, the event log and the metadata as files, with their hashes", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2, clockMs: Date.UTC(2026, 5, 1) });
		camera.advance(3_000);
		camera.press("start");
		camera.advance(5_000);
		camera.press("stop");
		camera.advance(3_000);
		const log = readFile(camera, "/log/log.txt").toString("utf8");
		expect(log).toMatch(/^\d+ info .+$/m);
		expect(log).toMatch(/\n$/);
		const events = readFile(camera, "/events/events.log");
		expect(events.length).toBe(camera.client.request(fileStatus, { name: "/events/events.log" }).len);
		expect(events.length).toBeGreaterThan(512);
		const sha = camera.client.request(fileHash, { name: "/events/events.log", type: "sha256" });
		expect(Buffer.from(sha.output as Uint8Array)).toEqual(createHash("sha256").update(events).digest());
		const part = camera.client.request(fileHash, { name: "/events/events.log", off: 100, len: 300 });
		expect(part).toEqual({ type: "crc32", off: 100, len: 300, output: crc32(events.subarray(100, 400)) });
		const metadata = decodeCbor(new Uint8Array(readFile(camera, "/recordings/1.cbor")));
		expect(parse(recordingMetadata, metadata)).toEqual(camera.recording(1));
	});

	it("never show a key, the policy or a recording as a file", async () => {
		const camera = await bootCamera({ preRecordSeconds: 0 });
		camera.advance(1_000);
		for (const name of [
			"/identity",
			"/keys/identity",
			"/recordings/1.mp4",
			"/log/../identity",
			"identity",
			"/",
			"",
		])
			expect(() => camera.client.request(fileRead, { name, off: 0 }), name).toThrow(/fileRead|file-read/);
		for (const name of [
			"/log/log.txt",
			"/events/events.log",
			"/recordings/1.cbor",
			"/other/x",
			"/scratch/a/b",
		])
			expect(() => camera.client.request(fileWrite, { name, off: 0, len: 1, data: text("x") }), name).toThrow(
				/file-write/,
			);
	});

	it("keep what is written to the scratch folder until a restart", async () => {
		const camera = await bootCamera({ preRecordSeconds: 0 });
		camera.advance(1_000);
		const content = Buffer.from("0123456789".repeat(700));
		for (let off = 0; off < content.length; off += 1000) {
			const data = new Uint8Array(content.subarray(off, off + 1000));
			const { off: next } = camera.client.request(fileWrite, {
				name: "/scratch/notes.txt",
				off,
				data,
				...(off === 0 ? { len: content.length } : {}),
			});
			expect(next).toBe(off + data.length);
		}
		expect(readFile(camera, "/scratch/notes.txt")).toEqual(content);
		expect(camera.client.request(fileHashTypes, {}).types.sha256).toEqual({ format: 1, size: 32 });
		camera.client.request(fileClose, {});
		camera.client.request(osReset, {});
		camera.advance(5_000);
		expect(() => camera.client.request(fileStatus, { name: "/scratch/notes.txt" })).toThrow(/"code":3/);
	});

	it("change a setting when it is committed, and keep it when it is saved", async () => {
		const camera = await bootCamera({});
		camera.advance(2_000);
		const { client } = camera;
		const name = "bodycam/preRecordMs";
		const before = camera.status().preRecord.configuredMs;
		client.request(settingsWrite, { name, val: text("7000") });
		expect(Buffer.from(client.request(settingsRead, { name }).val).toString()).toBe("7000");
		expect(camera.status().preRecord.configuredMs).toBe(before);
		client.request(settingsCommit, {});
		expect(camera.status().preRecord.configuredMs).toBe(7000);
		client.request(settingsLoad, {});
		expect(camera.status().preRecord.configuredMs).toBe(before);
		client.request(settingsWrite, { name, val: text("7000") });
		client.request(settingsSave, {});
		client.request(osReset, {});
		camera.advance(5_000);
		expect(camera.status().preRecord.configuredMs).toBe(7000);
		client.request(settingsDelete, { name });
		client.request(settingsCommit, {});
		expect(camera.status().preRecord.configuredMs).toBe(before);
		camera.advance(1_000);
		expect(camera.status().capture.state).toBe("armed");
	});

	it("change no rule while a recording is under way", async () => {
		const camera = await bootCamera({});
		camera.advance(2_000);
		camera.press("start");
		camera.advance(1_000);
		camera.client.request(settingsWrite, { name: "bodycam/preRecordMs", val: text("0") });
		expect(() => camera.client.request(settingsCommit, {})).toThrow(/"code":10/);
		expect(() => camera.client.request(settingsLoad, {})).toThrow(/"code":10/);
		camera.press("stop");
		camera.advance(3_000);
		expect(camera.recording(1)).toMatchObject({ interrupted: false });
	});

	it("loosen nothing that the policy demands", async () => {
		const camera = await bootCamera({});
		camera.advance(2_000);
		camera.client.request(settingsWrite, { name: "bodycam/preRecordMs", val: text("999999999") });
		camera.client.request(settingsCommit, {});
		expect(camera.status().preRecord.configuredMs).toBeLessThanOrEqual(120_000);
	});

	it("count, list their groups and answer the shell", async () => {
		const camera = await bootCamera({ preRecordSeconds: 0 });
		camera.advance(1_500);
		const { client } = camera;
		for (const name of client.request(statisticsList, {}).stat_list) {
			const { fields } = client.request(statisticsShow, { name });
			for (const value of Object.values(fields)) expect(value).toBeGreaterThanOrEqual(0);
		}
		expect(client.request(statisticsShow, { name: "heap" }).fields.live_bytes).toBeGreaterThan(100_000);
		const { groups } = client.request(enumerationDetails, {});
		expect(groups).toContainEqual({ group: 8, name: "fs mgmt", handlers: 5 });
		expect(groups).toContainEqual({ group: 64, name: "bodycam status", handlers: 1 });
		expect(client.request(enumerationSingle, { index: groups.length - 1 }).end).toBe(true);
		expect(client.request(shellExecute, { argv: ["fs", "ls"] })).toEqual({
			o: "\r\nlog/\r\nevents/\r\nrecordings/\r\nscratch/\r\n",
			ret: 0,
		});
		expect(client.request(shellExecute, { argv: ["kernel uptime"] }).o).toMatch(/^\r\nUptime: \d+ ms\r\n$/);
	});
});
