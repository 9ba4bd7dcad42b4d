import { isDeepStrictEqual } from "node:util";
import { CAMERA_COMMANDS } from "../camera/commands.ts";
import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { CborError, measureItem } from "../cbor/structure.ts";
import type { Schema } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import { ConsoleDecoder, encodeConsole } from "../smp/console-framing.ts";
import { HEADER_BYTES, readHeader } from "../smp/header.ts";
import { encodePacket } from "../smp/packet.ts";
import { OPEN_SESSION } from "../smp/role.ts";
import { SmpServer } from "../smp/server.ts";
import { toHex } from "./hex.ts";
import { Random } from "./random.ts";

/** What a fuzz campaign tried. */
export interface FuzzReport {
	/** Inputs tried. */
	readonly inputs: number;
	/** Of them, requests a handler ran for. */
	readonly handled: number;
	/** Of them, requests refused with a return code. */
	readonly refused: number;
	/** Of them, inputs that got no answer. */
	readonly dropped: number;
}

/** Largest packet of the server that is fuzzed, bytes. */
const BUFFER_BYTES = 1024;

/** Key replaced by one of the same length after encoding. */
const PROTO_STAND_IN = "xxprotoxx";

/**
 * Feeds malformed, truncated, oversized and out-of-order input to the CBOR decoder, the SMP server and the console
 * framing. Each input must end in a value, a typed error or an answer that fits its request, and leave the
 * receiver able to take the next; a handler must only ever see what its schema allows.
 * @throws {Error} at the first input that breaks this, with the seed, the number of the input and its bytes
 */
export function fuzzProtocol(options: { readonly seed: number; readonly iterations: number }): FuzzReport {
	const random = new Random(options.seed);
	const target = new FuzzTarget();
	for (let iteration = 0; iteration < options.iterations; iteration++) {
		const input = makeInput(random);
		try {
			target.cbor(input.subarray(Math.min(HEADER_BYTES, input.length)));
			target.server(input);
			target.framing(input, random);
		} catch (error) {
			const where = `seed ${options.seed}, input ${iteration}: ${toHex(input)}`;
			throw new Error(`${where}: ${error instanceof Error ? error.stack : error}`);
		}
	}
	return { inputs: options.iterations, ...target.counts };
}

/** The receivers under test; they live through the whole campaign, so that damage done by one input shows later. */
class FuzzTarget {
	readonly counts = { handled: 0, refused: 0, dropped: 0 };
	readonly #server = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: 4, onDefect: this.#defect });
	readonly #packets: Uint8Array[] = [];
	readonly #decoder = new ConsoleDecoder({
		maxPacket: BUFFER_BYTES,
		onPacket: (packet) => this.#packets.push(packet),
	});

	constructor() {
		for (const command of CAMERA_COMMANDS)
			this.#server.register(command as (typeof CAMERA_COMMANDS)[0], (request) => {
				this.counts.handled += 1;
				if (!isDeepStrictEqual(parse(command.request as Schema, request), request))
					throw new Error(`${command.name} got what its schema does not allow`);
				return { r: "" };
			});
	}

	cbor(bytes: Uint8Array): void {
		let length: number;
		try {
			length = measureItem(bytes);
		} catch (error) {
			if (error instanceof CborError) return;
			throw error;
		}
		const value = decodeCbor(bytes.subarray(0, length));
		const again = decodeCbor(encodeCbor(value));
		if (!isDeepStrictEqual(withoutUndefined(value), again)) throw new Error("not stable when encoded again");
		for (const command of CAMERA_COMMANDS) {
			try {
				parse(command.response as Schema, value);
			} catch (error) {
				if (!(error instanceof SchemaError)) throw error;
			}
		}
	}

	server(packet: Uint8Array): void {
		const before = this.counts.handled;
		const answers: Uint8Array[] = [];
		this.#server.handle(packet, OPEN_SESSION, (answer) => answers.push(answer));
		const header = readHeader(packet);
		if (header === undefined) {
			this.counts.dropped += 1;
			if (answers.length > 0) throw new Error("answered less than a header");
			return;
		}
		const [answer = new Uint8Array()] = answers;
		const echoed = readHeader(answer);
		if (
			answers.length !== 1 ||
			echoed?.sequence !== header.sequence ||
			echoed.group !== header.group ||
			echoed.id !== header.id ||
			answer.length !== HEADER_BYTES + echoed.length
		)
			throw new Error(`the answer ${toHex(answer)} does not fit`);
		const body = decodeCbor(answer.subarray(HEADER_BYTES)) as object;
		if ("r" in body !== this.counts.handled > before) throw new Error("an error although a handler ran");
		if (this.counts.handled === before) this.counts.refused += 1;
	}

	/** Garbage, then a good packet after a line end: it must arrive, and nothing with a wrong checksum. */
	framing(input: Uint8Array, random: Random): void {
		const framed = encodeConsole(input.subarray(0, BUFFER_BYTES));
		for (let flips = random.below(3); flips > 0; flips--)
			framed[random.below(framed.length)] = random.below(256);
		for (let at = 0; at < framed.length; ) {
			const cut = 1 + random.below(200);
			this.#decoder.push(framed.subarray(at, at + cut));
			at += cut;
		}
		this.#decoder.push(input);
		this.#packets.length = 0;
		const good = random.bytes(1 + random.below(64));
		this.#decoder.push(Uint8Array.of(0x0a));
		this.#decoder.push(encodeConsole(good));
		const last = this.#packets.at(-1);
		if (last === undefined || toHex(last) !== toHex(good)) throw new Error("a good packet after it was lost");
	}

	#defect(_command: unknown, error: unknown): void {
		throw error;
	}
}

function withoutUndefined(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutUndefined);
	if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([, member]) => member !== undefined)
			.map(([key, member]) => [key, withoutUndefined(member)]),
	);
}

/** A request to a real command with plausible members, then damaged in one of several ways. */
function makeInput(random: Random): Uint8Array {
	const command = random.pick(CAMERA_COMMANDS);
	const members: Record<string, unknown> = {};
	for (const key of Object.keys(command.request.fields))
		if (random.below(4) > 0) members[key] = makeValue(random, 0);
	if (random.below(4) === 0)
		members[random.pick(["x", PROTO_STAND_IN, "rc", "toString", "d"])] = makeValue(random, 0);
	const packet = encodePacket(
		{
			operation: random.below(6) === 0 ? random.below(8) : command.access === "read" ? 0 : 2,
			version: random.below(6) === 0 ? random.below(4) : random.below(2),
			flags: random.below(256),
			group: random.below(8) === 0 ? random.below(0x1_0000) : command.group,
			sequence: random.below(256),
			id: random.below(8) === 0 ? random.below(256) : command.id,
		},
		members,
	);
	return damage(withProto(packet), random);
}

/** Puts the key that no object literal can hold into an encoded message. */
function withProto(packet: Uint8Array): Uint8Array {
	const at = Buffer.from(packet).indexOf(PROTO_STAND_IN);
	if (at >= 0) packet.set(Buffer.from("__proto__"), at);
	return packet;
}

function makeValue(random: Random, depth: number): unknown {
	switch (random.below(depth > 3 ? 6 : 8)) {
		case 0:
			return random.below(100);
		case 1:
			return random.pick([0, 1, -1, 0xffff_ffff, 2 ** 32, Number.MAX_SAFE_INTEGER, 1.5, -(2 ** 40)]);
		case 2:
			return random.pick(["", "a", "snr", "info", "2026-01-02T03:04:05", "x".repeat(300), "ü💡"]);
		case 3:
			return random.bytes(random.below(40));
		case 4:
			return random.pick([true, false, null]);
		case 5:
			return 1 + random.below(20);
		case 6:
			return Array.from({ length: random.below(5) }, () => makeValue(random, depth + 1));
		default:
			return { [random.pick(["a", "type", "err"])]: makeValue(random, depth + 1) };
	}
}

function damage(packet: Uint8Array, random: Random): Uint8Array {
	switch (random.below(8)) {
		case 0:
			return packet.subarray(0, random.below(packet.length + 1));
		case 1:
			return Uint8Array.of(...packet, ...random.bytes(random.below(32)));
		case 2:
			return random.bytes(random.below(64));
		case 3: {
			const longer = new Uint8Array(packet.length + random.below(BUFFER_BYTES * 2));
			longer.set(packet);
			return longer;
		}
		case 4:
		case 5: {
			const copy = packet.slice();
			for (let flips = 1 + random.below(4); flips > 0; flips--)
				copy[random.below(copy.length)] = random.below(256);
			return copy;
		}
		default:
			return packet;
	}
}
