import { EventLogError, eventLogInfo, eventLogRead } from "@bodycam/protocol/camera/event-log";
import type { Fault } from "@bodycam/protocol/camera/terms";
import { planGeometry, SECTOR } from "@bodycam/protocol/card/superblock";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { describe, expect, it } from "vitest";
import { registerEventLogHandlers } from "../link/event-log-handlers.ts";
import { BUFFER_BYTES } from "../link/limits.ts";
import { ReadBuffers } from "../link/read-buffers.ts";
import { bootEventLog, type EventLogRig } from "../testing/event-log-rig.ts";
import { BOOT_COUNT_KEY, countBoots } from "./boot-count.ts";
import { tellLogState } from "./log-faults.ts";

describe("the count of boots", () => {
	function store(value?: Uint8Array) {
		const values = new Map(value === undefined ? [] : [[BOOT_COUNT_KEY, value]]);
		return {
			read: async (key: string) => values.get(key),
			write: async (key: string, bytes: Uint8Array) => void values.set(key, bytes),
		};
	}
	const log = { write: () => undefined };

	it("begins at 1 and goes up by one", async () => {
		const keyValue = store();
		expect([await countBoots(keyValue, log), await countBoots(keyValue, log)]).toEqual([1, 2]);
	});

	it("begins anew when it is damaged", async () => {
		expect(await countBoots(store(encodeCbor("many")), log)).toBe(1);
	});

	it("is unknown when it cannot be kept, and the log says so", async () => {
		const lines: string[] = [];
		const failing = { ...store(), write: () => Promise.reject(new Error("input or output error")) };
		expect(await countBoots(failing, { write: (_level, text) => lines.push(text) })).toBeUndefined();
		expect(lines).toEqual(["the boots cannot be counted: Error: input or output error"]);
	});
});

describe("the faults of the event log", () => {
	it.each([
		["ready", false, []],
		["ready", true, ["log-low"]],
		["full", true, ["log-full"]],
		["error", false, ["log-error"]],
		["absent", false, []],
		["read-only", false, []],
	] as const)("in state %s, low: %s, are %j", (state, low, expected) => {
		const active = new Set<Fault>(["log-full"]);
		const set = (fault: Fault, on: boolean) => void (on ? active.add(fault) : active.delete(fault));
		tellLogState({ set }, state, low);
		expect([...active]).toEqual(expected);
	});
});

describe("the link", () => {
	function serve(rig: EventLogRig) {
		const server = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: 8 });
		const buffers = new ReadBuffers({ at: 0, bytes: 4 * BUFFER_BYTES }, BUFFER_BYTES);
		registerEventLogHandlers(server, { memory: rig.memory, boot: 1, eventLog: rig.log, buffers });
		return async (command: typeof eventLogInfo | typeof eventLogRead, request: object) => {
			let answer: Uint8Array | undefined;
			server.handle(encodeRequest(command, request as never, 1), { role: "technician" }, (bytes) => {
				answer = bytes;
			});
			for (let i = 0; i < 20 && answer === undefined; i++) await rig.timers.advance(10_000);
			const decoded = decodeResponse(command, answer ?? new Uint8Array());
			return (decoded.ok ? decoded.response : decoded.error) as unknown as Record<string, unknown>;
		};
	}

	const errorOf = ({ group, code }: { group: number; code: number }) => ({ group, code });

	it("tells how much there is and gives it, byte for byte", async () => {
		const rig = bootEventLog({ sectors: 8 * 2048 });
		await rig.settle();
		for (let i = 1; i <= 60; i++) rig.emit(i);
		await rig.timers.advance(2_000_000);
		const ask = serve(rig);
		const info = await ask(eventLogInfo, {});
		expect(info).toMatchObject({ state: "ready", entries: 61, stored: 61, boot: 1, capacity: 256 * 512 });
		const parts: Uint8Array[] = [];
		for (let off = 0; ; ) {
			const { data, total } = (await ask(eventLogRead, { off })) as { data: Uint8Array; total: number };
			expect(total).toBe(info.bytes);
			if (data.length === 0) break;
			parts.push(data);
			off += data.length;
		}
		const from = planGeometry(8 * 2048).logStart * SECTOR;
		const expected = rig.card.image.subarray(from, from + Number(info.bytes));
		expect(Buffer.concat(parts).equals(expected)).toBe(true);
	});

	it("says that there is no log without a card, and that the card failed", async () => {
		const rig = bootEventLog({ sectors: 8 * 2048 });
		await rig.settle();
		await rig.timers.advance(2_000_000);
		const ask = serve(rig);
		rig.card.fail("read", 2);
		expect(await ask(eventLogRead, { off: 0 })).toMatchObject(errorOf(EventLogError.cardFailed));
		rig.card.remove();
		await rig.timers.advance(1000);
		expect(await ask(eventLogInfo, {})).toMatchObject({ state: "absent", bytes: 0, entries: 0 });
		expect(await ask(eventLogRead, { off: 0 })).toMatchObject(errorOf(EventLogError.noLog));
	});
});
