import type { BootBlock } from "@bodycam/protocol/board/records";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { describe, expect, it } from "vitest";
import { createFakeNative } from "../testing/fake-native.ts";
import { BootBlockError, takeBootBlock } from "./boot-block.ts";

const BLOCK: BootBlock = {
	board: "sim-1",
	serial: "0011223344556677",
	entropy: new Uint8Array(32).fill(9),
	seeded: false,
	engine: "xs-wasm 13.3.0",
	build: "0123456789abcdef",
};

function take(value: unknown) {
	const native = createFakeNative(1024);
	const bytes = encodeCbor(value);
	native.bytes.set(bytes, 64);
	return { native, block: takeBootBlock(native, 64, bytes.length) };
}

describe("boot block", () => {
	it("is read", () => {
		const crash = { build: "b", reason: "exception", message: "TypeError", stack: "", uptimeMs: 3 };
		expect(take({ ...BLOCK, crash }).block).toEqual({ ...BLOCK, crash });
		expect(() => take({ ...BLOCK, crash: "TypeError" })).toThrow(BootBlockError);
		expect(take(BLOCK).block).toEqual(BLOCK);
	});

	it("is overwritten, because it holds the entropy", () => {
		expect(take(BLOCK).native.bytes.every((byte) => byte === 0)).toBe(true);
	});

	it.each(["board", "serial", "engine", "build", "entropy", "seeded"])("is refused without %s", (field) => {
		expect(() => take({ ...BLOCK, [field]: undefined })).toThrow(BootBlockError);
	});

	it("is refused when it is no map", () => {
		expect(() => take(7)).toThrow(BootBlockError);
	});
});
