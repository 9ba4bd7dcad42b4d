import { KeyValue as KeyValueRecord, Status } from "@bodycam/protocol/board/records";
import { describe, expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { Board } from "./board.ts";
import { BoardKeyValue } from "./key-value.ts";
import { BoardRequestError } from "./requests.ts";

/** A driver, and a board that answers when told to. */
function setup() {
	const native = createFakeNative(8192);
	const board = new Board(native);
	const keyValue = new BoardKeyValue({ board, buffer: { at: 0, bytes: 8192 } });
	const stored = new Map<string, Uint8Array>();
	const answer = async (status: number = Status.ok) => {
		await Promise.resolve();
		for (const [kind, , a = 0, b = 0, c = 0, tag = 0, e = 0, capacity = 0] of native.take()) {
			const key = native.readText(a, b);
			const done = (result: number, length = 0) => {
				board.dispatch(KeyValueRecord.DONE, 0, 0, result, length, 0, tag, 0, 0);
			};
			if (status !== Status.ok) done(status);
			else if (kind === KeyValueRecord.PUT && e === 0) done(stored.delete(key) ? Status.ok : Status.noEntry);
			else if (kind === KeyValueRecord.PUT) {
				stored.set(key, native.bytes.slice(c, c + e));
				done(Status.ok);
			} else {
				const value = stored.get(key);
				if (value !== undefined) native.bytes.set(value.subarray(0, capacity), c);
				done(value === undefined ? Status.noEntry : Status.ok, value?.length);
			}
		}
	};
	return { native, keyValue, answer };
}

describe("key-value store", () => {
	it("reads what was written", async () => {
		const { keyValue, answer } = setup();
		const written = keyValue.write("settings", Uint8Array.of(1, 2, 3));
		await answer();
		await written;
		const read = keyValue.read("settings");
		await answer();
		expect(await read).toEqual(Uint8Array.of(1, 2, 3));
	});

	it("reads nothing for a key that is not there", async () => {
		const { keyValue, answer } = setup();
		const read = keyValue.read("none");
		await answer();
		expect(await read).toBeUndefined();
	});

	it("takes deleting a missing key for done", async () => {
		const { keyValue, answer } = setup();
		const deleted = keyValue.delete("none");
		await answer();
		await expect(deleted).resolves.toBeUndefined();
	});

	it("makes one request at a time, because they share a buffer", async () => {
		const { native, keyValue, answer } = setup();
		const first = keyValue.write("a", Uint8Array.of(1));
		const second = keyValue.write("b", Uint8Array.of(2));
		await Promise.resolve();
		expect(native.posted).toHaveLength(1);
		await answer();
		await first;
		await answer();
		await second;
	});

	it("goes on after a failed request", async () => {
		const { keyValue, answer } = setup();
		const failed = keyValue.write("a", Uint8Array.of(1));
		await answer(Status.ioError);
		await expect(failed).rejects.toThrow(BoardRequestError);
		const read = keyValue.read("a");
		await answer();
		expect(await read).toBeUndefined();
	});

	it("refuses an empty value, which would delete, and one that is too long", async () => {
		const { keyValue } = setup();
		await expect(keyValue.write("a", new Uint8Array(0))).rejects.toThrow(RangeError);
		await expect(keyValue.write("a", new Uint8Array(4097))).rejects.toThrow(RangeError);
	});

	it("rejects what is under way, and what comes later, once closed", async () => {
		const { keyValue } = setup();
		const read = keyValue.read("a");
		await Promise.resolve();
		keyValue.close();
		keyValue.close();
		await expect(read).rejects.toThrow(BoardRequestError);
		await expect(keyValue.read("a")).rejects.toThrow(BoardRequestError);
	});
});
