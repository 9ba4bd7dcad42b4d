import {
	RecordingsError,
	recordingsInfo,
	recordingsList,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import type { Command } from "@bodycam/protocol/smp/command";
import type { GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { describe, expect, it } from "vitest";
import { StoreError } from "../storage/store-interface.ts";
import { bootStore, EXTRA_AT, openRecording, record, type StoreRig } from "../testing/store-rig.ts";
import { BUFFER_BYTES, BUFFER_COUNT, READ_BYTES } from "./limits.ts";
import { ReadBuffers } from "./read-buffers.ts";
import { registerRecordingsHandlers } from "./recordings-handlers.ts";

/** The recordings group over a store; `insert: false` leaves the card out. */
function camera(options: { readonly insert?: boolean } = {}) {
	const rig = bootStore({ sectors: 32 * 2048, extra: READ_BYTES, ...options });
	const server = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: BUFFER_COUNT });
	const buffers = new ReadBuffers({ at: EXTRA_AT, bytes: READ_BYTES }, READ_BYTES);
	const eraser = { erase: () => Promise.reject(new StoreError("absent", "there is no memory card")) };
	registerRecordingsHandlers(server, { memory: rig.memory, store: rig.store, buffers, eraser });
	return { rig, server };
}

/** The answer to one request. */
async function ask(rig: StoreRig, server: SmpServer, command: Command, request: Record<string, unknown>) {
	let answer: Uint8Array | undefined;
	server.handle(encodeRequest(command, request, 1), OPEN_SESSION, (packet) => {
		answer = packet;
	});
	for (let turn = 0; turn < 100 && answer === undefined; turn++) await rig.timers.advance(1000);
	if (answer === undefined) throw new Error("no answer");
	return decodeResponse(command, answer);
}

const refused = ({ group, code }: GroupErrorDeclaration) => ({ ok: false, error: { group, code } });

const COMMANDS: [string, Command, Record<string, unknown>][] = [
	["list", recordingsList, {}],
	["info", recordingsInfo, { number: 1 }],
	["read", recordingsRead, { number: 1, off: 0 }],
];

describe.each(COMMANDS)("recordings %s", (_name, command, request) => {
	it("says that there is no card when none was put in", async () => {
		const { rig, server } = camera({ insert: false });
		await rig.settle();
		expect(await ask(rig, server, command, request)).toMatchObject(refused(RecordingsError.noCard));
	});

	it("says that there is no card when it was taken out", async () => {
		const { rig, server } = camera();
		await rig.settle();
		const recording = openRecording(rig, "opening");
		await recording.segment(1000, 1);
		await recording.close();
		rig.card.remove();
		await rig.settle();
		expect(await ask(rig, server, command, request)).toMatchObject(refused(RecordingsError.noCard));
	});

	it("says that the card is being read in", async () => {
		const { rig, server } = camera();
		while (rig.store.status().state !== "mounting") await rig.timers.advance(1);
		let answer: Uint8Array | undefined;
		server.handle(encodeRequest(command, request, 1), OPEN_SESSION, (packet) => {
			answer = packet;
		});
		for (let turn = 0; turn < 50 && answer === undefined; turn++) await Promise.resolve();
		expect(decodeResponse(command, answer as Uint8Array)).toMatchObject(
			refused(RecordingsError.cardNotReady),
		);
	});
});

it("says that there is no recording with a number that was never given", async () => {
	const { rig, server } = camera();
	await rig.settle();
	expect(await ask(rig, server, recordingsRead, { number: 7, off: 0 })).toMatchObject(
		refused(RecordingsError.noSuchRecording),
	);
});

describe("reading a closed recording", () => {
	async function closed() {
		const { rig, server } = camera();
		await rig.settle();
		const recording = openRecording(rig);
		const age = new Uint8Array(await recording.segment(1000, 1, 300));
		await recording.close();
		const read = async (request: object) => {
			const answer = await ask(rig, server, recordingsRead, { number: 1, ...request });
			if (!answer.ok) throw new Error("refused");
			return answer.response as unknown as { off: number; data: Uint8Array; total: number };
		};
		return { age, read };
	}

	it("gives the age file, also when no part is named", async () => {
		const { age, read } = await closed();
		for (const part of ["age", undefined])
			expect(await read({ part, off: 0 })).toEqual({ off: 0, data: age, total: 1000 });
	});

	it("gives the custody record with what it was closed with, from anywhere", async () => {
		const { read } = await closed();
		const whole = await read({ part: "custody", off: 0 });
		expect(whole.data.length).toBe(whole.total);
		expect(whole.total).toBeGreaterThan(300);
		expect(whole.data.subarray(0, 300)).toEqual(record(300, 1));
		expect((await read({ part: "custody", off: 250, len: 60 })).data).toEqual(whole.data.subarray(250, 310));
		expect((await read({ part: "custody", off: whole.total })).data).toHaveLength(0);
	});
});
