import { describe, expect, test, vi } from "vitest";
import { decodeCbor } from "../cbor/codec.ts";
import { map, optional, text, uint } from "../schema/schema.ts";
import { fromHex, toHex } from "../testing/hex.ts";
import { command } from "./command.ts";
import { declareErrors, GroupError, SmpError } from "./errors.ts";
import { HEADER_BYTES, readHeader } from "./header.ts";
import { osEcho } from "./os.ts";
import { encodePacket, encodeRequest } from "./packet.ts";
import { ReturnCode } from "./return-code.ts";
import type { Role } from "./role.ts";
import { SmpServer, type SmpServerOptions } from "./server.ts";

const SampleError = declareErrors(70, { full: [4, ReturnCode.noMemory, "the shelf is full"] });
const sample = command({
	name: "sample",
	group: 70,
	id: 1,
	access: "read",
	role: "technician",
	doc: "For these tests.",
	request: map({ size: optional(uint({ max: 9999 })) }),
	response: map({ text: text(9999) }),
});

function serve(handler: Parameters<SmpServer["register"]>[1], options: Partial<SmpServerOptions> = {}) {
	const server = new SmpServer({ bufferSize: 512, bufferCount: 2, ...options });
	server.register(sample, handler as never);
	server.register(osEcho, (request) => ({ r: request.d ?? "" }));
	const responses: Uint8Array[] = [];
	return {
		responses,
		ask: (packet: Uint8Array, role: Role = "administrator") =>
			server.handle(packet, { role }, (response) => responses.push(response)),
		payloads: () => responses.map((response) => decodeCbor(response.subarray(HEADER_BYTES))),
	};
}

const request = (sequence: number, size?: number) => encodeRequest(sample, { size }, sequence);

/** The same request in SMP v1. */
function v1(packet: Uint8Array): Uint8Array {
	const copy = packet.slice();
	copy[0] = (copy[0] ?? 0) & ~0x18;
	return copy;
}

test("the response repeats group, sequence and command, and says it is one", () => {
	const { ask, responses } = serve(() => ({ text: "yes" }));
	ask(request(7));
	expect(readHeader(responses[0] ?? new Uint8Array())).toEqual({
		operation: 1,
		version: 1,
		flags: 0,
		length: 10,
		group: 70,
		sequence: 7,
		id: 1,
	});
});

test("responses go out in the order of completion", async () => {
	const done: (() => void)[] = [];
	const { ask, responses } = serve(() => new Promise((resolve) => done.push(() => resolve({ text: "" }))));
	ask(request(1));
	ask(request(2));
	done[1]?.();
	await Promise.resolve();
	done[0]?.();
	await vi.waitFor(() => expect(responses).toHaveLength(2));
	expect(responses.map((response) => readHeader(response)?.sequence)).toEqual([2, 1]);
});

test("a request beyond those the buffers hold is answered busy", () => {
	const { ask, payloads } = serve(() => new Promise(() => {}));
	for (let sequence = 0; sequence < 3; sequence++) ask(request(sequence));
	expect(payloads()).toEqual([{ rc: ReturnCode.busy }]);
});

test("an answered request makes room for another", async () => {
	const { ask, payloads } = serve(async () => ({ text: "" }), { bufferCount: 1 });
	ask(request(1));
	await vi.waitFor(() => expect(payloads()).toHaveLength(1));
	ask(request(2));
	await vi.waitFor(() => expect(payloads()).toEqual([{ text: "" }, { text: "" }]));
});

describe("errors", () => {
	test("of a group are named by group in v2", () => {
		const { ask, payloads } = serve(() => {
			throw new GroupError(SampleError.full);
		});
		ask(request(1));
		expect(payloads()).toEqual([{ err: { group: 70, rc: 4 } }]);
	});

	test("an error of a group may say more, as far as an answer has room", () => {
		const { ask, payloads } = serve(({ size }: { size?: number }) => {
			throw new GroupError(SampleError.full, "ü".repeat(size ?? 0));
		});
		ask(request(1, 3));
		ask(v1(request(2, 3)));
		ask(request(3, 200));
		expect(payloads()).toEqual([
			{ err: { group: 70, rc: 4 }, rsn: "üüü" },
			{ rc: ReturnCode.noMemory, rsn: "üüü" },
			{ err: { group: 70, rc: 4 }, rsn: "ü".repeat(127) },
		]);
	});

	test("of a group become the nearest return code in v1", () => {
		const { ask, payloads } = serve(() => {
			throw new GroupError(SampleError.full);
		});
		ask(v1(request(1)));
		expect(payloads()).toEqual([{ rc: ReturnCode.noMemory }]);
	});

	test("a return code with a reason is sent with it", () => {
		const { ask, payloads } = serve(() => {
			throw new SmpError(ReturnCode.invalid, "too early");
		});
		ask(request(1));
		expect(payloads()).toEqual([{ rc: ReturnCode.invalid, rsn: "too early" }]);
	});

	test("of the protocol keep their code", async () => {
		const { ask, payloads } = serve(async () => {
			throw new SmpError(ReturnCode.timeout);
		});
		ask(request(1));
		await vi.waitFor(() => expect(payloads()).toEqual([{ rc: ReturnCode.timeout }]));
	});

	test("that are defects answer unknown and are reported", async () => {
		const onDefect = vi.fn();
		const { ask, payloads } = serve(
			async () => {
				throw new TypeError("oops");
			},
			{ onDefect },
		);
		ask(request(1));
		await vi.waitFor(() => expect(payloads()).toEqual([{ rc: ReturnCode.unknown }]));
		expect(onDefect).toHaveBeenCalledWith(sample, expect.any(TypeError));
	});
});

describe("roles", () => {
	test.each([
		["anyone", { rc: ReturnCode.accessDenied }],
		["wearer", { rc: ReturnCode.accessDenied }],
		["technician", { text: "yes" }],
		["administrator", { text: "yes" }],
	] as const)("%s asking what a technician may", (role, answer) => {
		const { ask, payloads } = serve(() => ({ text: "yes" }));
		ask(request(1), role);
		expect(payloads()).toEqual([answer]);
	});

	test("are checked before the message is looked at", () => {
		const { ask, payloads } = serve(() => ({ text: "yes" }));
		ask(fromHex("080000010046000 1ff".replace(" ", "")), "anyone");
		expect(payloads()).toEqual([{ rc: ReturnCode.accessDenied }]);
	});
});

describe("requests that cannot be taken", () => {
	const { ask, responses, payloads } = serve(() => ({ text: "yes" }));
	test.each([
		["with a value out of range", request(1, 10_000), { rc: ReturnCode.invalid }],
		["as a write of what can only be read", fromHex("0a00000100460001a0"), { rc: ReturnCode.notSupported }],
		["for an unknown command", fromHex("0800000100460002a0"), { rc: ReturnCode.notSupported }],
		["larger than the buffer", new Uint8Array(513).fill(8, 0, 1), { rc: ReturnCode.corrupt }],
	])("%s", (_, packet, answer) => {
		ask(packet);
		expect(payloads().at(-1)).toEqual(answer);
	});

	test("shorter than a header get no answer", () => {
		const before = responses.length;
		ask(new Uint8Array(7));
		expect(responses).toHaveLength(before);
	});
});

test("a response larger than the buffer becomes message size", () => {
	const { ask, payloads } = serve((_) => ({ text: "x".repeat(600) }));
	ask(request(1));
	expect(payloads()).toEqual([{ rc: ReturnCode.messageSize }]);
});

test("a command's place can be taken only once", () => {
	const server = new SmpServer({ bufferSize: 512, bufferCount: 1 });
	server.register(sample, () => ({ text: "" }));
	expect(() => server.register(sample, () => ({ text: "" }))).toThrow(RangeError);
});

test("a request without payload is an empty map", () => {
	const { ask, payloads } = serve((message) => ({ text: JSON.stringify(message) }));
	ask(fromHex("0800000000460001"));
	expect(payloads()).toEqual([{ text: "{}" }]);
});

test("packets are header and map", () => {
	const header = { operation: 0, version: 1, flags: 0, group: 1, sequence: 2, id: 3 };
	expect(toHex(encodePacket(header, { a: 1 }))).toBe("0800000400010203a1616101");
});
