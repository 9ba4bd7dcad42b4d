import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CameraEvent } from "../camera/events.ts";
import { encodeCbor } from "../cbor/codec.ts";
import { type BootEvent, EventLogBuilder, reseal, TEST_CARD } from "../testing/event-log-builder.ts";
import { nodeTrustCrypto as crypto, testSigner } from "../testing/node-crypto.ts";
import { issueCertificate } from "../trust/certificate.ts";
import { signCheckpoint } from "./checkpoint.ts";
import { readLog } from "./reader.ts";
import { LogVerifier, type LogVerifierOptions } from "./verifier.ts";

const [root, signing, signer] = [testSigner(1), testSigner(2), testSigner(3)];
const validity = { agency: "Ordnungsamt", notBefore: 0, notAfter: 1 } as const;
const certificates = (by = root, serial = "0badcafe") => ({
	type: "log-signer",
	deviceSigning: issueCertificate(
		{ purpose: "device-signing", ...validity, key: signing.publicKey },
		by,
		crypto,
	),
	device: issueCertificate(
		{ purpose: "device", ...validity, serial, key: signer.publicKey },
		signing,
		crypto,
	),
});
const anchor = root.publicKey;

function started(sequence: number, boot = 1): BootEvent {
	const event = { sequence, monotonicMs: sequence * 10, type: "recording-started", recording: 1 } as const;
	return [boot, event];
}

function other(sequence: number, event: object, boot = 1): BootEvent {
	return [boot, { sequence, monotonicMs: sequence * 10, ...event } as CameraEvent];
}

const opened = (sequence: number, boots: number, cutBytes = 0, boot = boots) =>
	other(sequence, { type: "log-opened", device: "0badcafe", entries: 0, cutBytes, boots }, boot);

/** Four blocks of three entries. */
function fourBlocks(): EventLogBuilder {
	const log = new EventLogBuilder();
	for (let block = 0; block < 4; block++)
		log.add(started(block * 3 + 1), started(block * 3 + 2), started(block * 3 + 3));
	return log;
}

async function verify(
	bytes: Uint8Array,
	options: Partial<LogVerifierOptions> & { identity?: Uint8Array } = {},
) {
	const verifier = new LogVerifier({ crypto, ...options });
	const source = {
		bytes: bytes.length,
		identity: options.identity,
		read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
	};
	for await (const piece of readLog(source)) verifier.piece(piece);
	return verifier.report();
}

type Verdict = Awaited<ReturnType<typeof verify>>;
const codes = ({ findings }: Verdict, severity: "failure" | "note" = "failure") =>
	findings.filter((finding) => finding.severity === severity).map(({ code }) => code);

describe("a log that a camera has written", () => {
	it("is intact, and its head is the chain's", async () => {
		const log = fourBlocks();
		const report = await verify(log.bytes());
		expect(report).toMatchObject({ verdict: "intact", entries: 12, boots: 1, card: TEST_CARD, more: 0 });
		expect(report.head).toEqual(log.head);
	});

	it("is intact over several boots, with zeros or another card's log behind it", async () => {
		const log = new EventLogBuilder().add(started(1), opened(2, 1)).add(started(1, 2), opened(2, 2));
		const older = new EventLogBuilder(new Uint8Array(16)).add(started(1), started(2)).add(started(3));
		for (const behind of [new Uint8Array(40_960), older.bytes()]) {
			const report = await verify(Buffer.concat([log.bytes(), behind]), { identity: TEST_CARD });
			expect(report).toMatchObject({ verdict: "intact", entries: 4, boots: 2 });
		}
	});

	it("is intact where it says what it could not keep", async () => {
		const log = new EventLogBuilder().add(started(1), other(40, { type: "log-gap", first: 2 }), started(41));
		const report = await verify(log.bytes());
		expect(report.verdict).toBe("intact");
		expect(report.findings).toContainEqual({
			severity: "note",
			code: "gap",
			message: "events 2 to 40 (39) could not be kept",
			entry: 2,
		});
	});

	it("tells of boots that left nothing and of torn bytes that were cut off", async () => {
		const log = new EventLogBuilder().add(opened(1, 3)).add(opened(1, 6, 1024));
		expect(codes(await verify(log.bytes()), "note")).toEqual(["torn", "boots", "unsigned"]);
	});

	it("may hold events of later firmware, which are counted", async () => {
		const report = await verify(new EventLogBuilder().add(other(1, { type: "levitated", cm: 7 })).bytes());
		expect(report.verdict).toBe("intact");
		expect(codes(report, "note")).toContain("unknown-event");
	});

	it("may have been in another camera in between", async () => {
		const log = new EventLogBuilder().add(started(1)).add(started(1, 2)).add(started(1), started(2));
		const report = await verify(log.bytes());
		expect(report).toMatchObject({ verdict: "intact", boots: 2 });
		expect(codes(report, "note")).toContain("returned");
	});

	it("of a card without events is empty and intact", async () => {
		const report = await verify(new Uint8Array(8192), { identity: TEST_CARD });
		expect(report).toMatchObject({ verdict: "intact", entries: 0, head: undefined, findings: [] });
	});
});

const blocks = (log: EventLogBuilder) => log.blocks.map(({ bytes }) => bytes);

/** Moves a block to a sector, with a checksum that is right. */
function placed(block: Uint8Array, sector: number): Uint8Array {
	const bytes = Buffer.from(block);
	bytes.writeUInt32LE(sector, 20);
	return reseal(bytes);
}

/** Blocks one after the other, each at its place and with a right checksum. */
function laid(...parts: readonly Uint8Array[]): Uint8Array {
	let sector = 0;
	return Buffer.concat(
		parts.map((part) => {
			const bytes = placed(part, sector);
			sector += bytes.length / 512;
			return bytes;
		}),
	);
}

function flipped(block: Uint8Array, at: number): Uint8Array {
	const bytes = block.slice();
	bytes[at] = (bytes[at] ?? 0) ^ 1;
	return bytes;
}

/** Where a letter of an event's type stands. */
const inType = (block: Uint8Array): number => Buffer.from(block).indexOf("recording-started") + 3;

/** What was done to a log of four blocks, and what has to be found first. */
const TAMPERING: readonly (readonly [
	what: string,
	done: (b0: Uint8Array, b1: Uint8Array, b2: Uint8Array, b3: Uint8Array) => Uint8Array,
	code: string,
])[] = [
	["a bit of an entry flipped", (a, b, c, d) => Buffer.concat([a, flipped(b, 100), c, d]), "damaged"],
	[
		"a bit of an entry flipped, checksum made right",
		(a, b, c, d) => laid(a, flipped(b, inType(b)), c, d),
		"chain",
	],
	["a bit of the hash flipped, checksum made right", (a, b, c, d) => laid(a, flipped(b, 40), c, d), "chain"],
	["a bit of a number flipped, checksum made right", (a, b, c, d) => laid(a, flipped(b, 28), c, d), "order"],
	["a bit of the card's identity flipped", (a, b, c, d) => laid(a, flipped(b, 5), c, d), "damaged"],
	["a block dropped", (a, _b, c, d) => laid(a, c, d), "order"],
	["a block wiped", (a, b, c, d) => Buffer.concat([a, new Uint8Array(b.length), c, d]), "damaged"],
	["the first block dropped", (_a, b, c, d) => laid(b, c, d), "start"],
	["two blocks swapped", (a, b, c, d) => laid(a, c, b, d), "order"],
	["a block doubled", (a, b, c, d) => laid(a, b, b, c, d), "order"],
	["the log begun again behind its end", (a, b, c, d) => laid(a, b, c, d, a), "order"],
];

describe("a log that was tampered with", () => {
	it.each(TAMPERING)("is broken: %s", async (_what, done, code) => {
		const [a, b, c, d] = blocks(fourBlocks()) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
		const report = await verify(done(a, b, c, d), { identity: TEST_CARD });
		expect(report.verdict).toBe("broken");
		expect(codes(report)[0]).toBe(code);
	});

	it("is broken wherever one bit is flipped before the last block", async () => {
		const log = fourBlocks();
		const bytes = log.bytes();
		const before = bytes.length - (log.blocks.at(-1)?.bytes.length ?? 0);
		await fc.assert(
			fc.asyncProperty(fc.nat(before - 1), fc.nat(7), async (at, bit) => {
				const changed = bytes.slice();
				changed[at] = (changed[at] ?? 0) ^ (1 << bit);
				expect((await verify(changed, { identity: TEST_CARD })).verdict).toBe("broken");
			}),
			{ numRuns: 300 },
		);
	});

	it("shows in the last block as an end that is torn", async () => {
		const log = fourBlocks();
		const bytes = log.bytes();
		const report = await verify(flipped(bytes, bytes.length - 300), { identity: TEST_CARD });
		expect(report).toMatchObject({ verdict: "intact", entries: 9 });
		expect(codes(report, "note")).toContain("torn");
	});

	it("shows where something stands behind its end that is no block", async () => {
		const report = await verify(Buffer.concat([fourBlocks().bytes(), Buffer.alloc(1024, 7)]));
		expect(codes(report, "note")).toContain("remains");
	});

	it("shows when its end was cut off and a hash from it is known", async () => {
		const log = fourBlocks();
		const cut = laid(...blocks(log).slice(0, 3));
		expect((await verify(cut)).verdict).toBe("intact");
		expect(codes(await verify(cut, { heads: [log.head] }))).toEqual(["head"]);
		const third = log.blocks[2]?.head as Uint8Array;
		expect((await verify(log.bytes(), { heads: [third, log.head] })).verdict).toBe("intact");
	});

	it("is broken as a file that lacks the block that ends it, and intact with it", async () => {
		const log = fourBlocks();
		expect(codes(await verify(log.bytes(), { closed: true }))).toEqual(["cut-off"]);
		expect((await verify(log.add().bytes(), { closed: true })).verdict).toBe("intact");
	});

	it.each([
		["an event left out", [started(1), started(3)], "sequence"],
		["an event there twice", [started(1), started(1)], "sequence"],
		["a gap that is not the one", [started(1), other(9, { type: "log-gap", first: 3 })], "sequence"],
		["time that runs backwards", [started(1), other(2, { type: "armed", monotonicMs: 3 })], "time"],
		["a boot that begins in its middle", [started(5)], "sequence"],
	] as const)("is broken although somebody has computed the chain anew: %s", async (_what, events, code) => {
		expect(codes(await verify(new EventLogBuilder().add(...events).bytes()))[0]).toBe(code);
	});

	it("is broken where an item is no entry", async () => {
		const [block] = blocks(new EventLogBuilder().add(started(1)));
		const junk = Buffer.from(block as Uint8Array);
		junk[72] = 0x80;
		expect(codes(await verify(reseal(junk)))).toContain("malformed");
	});

	it("never makes the verifier fail, whatever its bytes", async () => {
		const bytes = fourBlocks().bytes();
		const change = fc.tuple(fc.nat(bytes.length - 1), fc.nat(255));
		await fc.assert(
			fc.asyncProperty(fc.array(change, { maxLength: 30 }), fc.boolean(), async (changes, sealed) => {
				const changed = Buffer.from(bytes);
				for (const [at, value] of changes) changed[at] = value;
				const blocks = Array.from({ length: changed.length / 512 }, (_, i) =>
					changed.subarray(i * 512, (i + 1) * 512),
				);
				const log = sealed ? Buffer.concat(blocks.map(reseal)) : changed;
				expect(["intact", "broken"]).toContain((await verify(log)).verdict);
			}),
			{ numRuns: 200 },
		);
	});
});

describe("signed checkpoints", () => {
	function signed(log: EventLogBuilder, by = signer, change: object = {}): BootEvent {
		const entries = log.next - 1;
		const checkpoint = { device: "0badcafe", card: TEST_CARD, entries, hash: log.head, ...change };
		const bytes = signCheckpoint(checkpoint, by, crypto);
		return other(log.next, { type: "log-checkpoint", entries, signed: bytes });
	}

	const log = () => new EventLogBuilder().add(started(1), other(2, certificates()));

	it("vouch for what is before them", async () => {
		const built = log();
		built.add(signed(built)).add(started(4));
		const report = await verify(built.bytes(), { anchor });
		expect(report).toMatchObject({ verdict: "intact", checkpoints: { found: 1, verified: 1, entries: 2 } });
		expect(report.signers).toEqual([
			{ serial: "0badcafe", agency: "Ordnungsamt", key: signer.publicKey, anchored: true },
		]);
		expect(report.findings.map(({ message }) => message)).toEqual([
			"no signature vouches for the entries after 2",
		]);
	});

	it("are checked without the root key too, and it is said that they could be anybody's", async () => {
		const built = log();
		const report = await verify(built.add(signed(built)).bytes());
		expect(report).toMatchObject({ verdict: "intact", checkpoints: { found: 1, verified: 1, entries: 2 } });
		expect(report.findings[0]?.message).toContain("takes the agency's root key");
		const forged = built.add(signed(built, testSigner(9))).bytes();
		expect(codes(await verify(forged))).toEqual(["checkpoint"]);
	});

	it("are said to be missing when there are none", async () => {
		const { findings } = await verify(log().bytes());
		expect(findings[0]?.message).toContain("no checkpoint is signed");
	});

	it.each([
		["another key", (built: EventLogBuilder) => signed(built, testSigner(9))],
		["another card", (built: EventLogBuilder) => signed(built, signer, { card: new Uint8Array(16) })],
		["another hash", (built: EventLogBuilder) => signed(built, signer, { hash: new Uint8Array(32) })],
		["another camera", (built: EventLogBuilder) => signed(built, signer, { device: "77" })],
		["entries to come", (built: EventLogBuilder) => signed(built, signer, { entries: 3 })],
		["nothing", () => other(3, { type: "log-checkpoint", entries: 2, signed: Uint8Array.of(1) })],
	])("do not hold for %s", async (_what, make) => {
		const built = log();
		const report = await verify(built.add(make(built)).bytes(), { anchor });
		expect(codes(report)).toEqual(["checkpoint"]);
	});

	it("do not hold with certificates of another agency", async () => {
		const built = new EventLogBuilder().add(started(1), other(2, certificates(testSigner(9))));
		const report = await verify(built.add(signed(built)).bytes(), { anchor });
		expect(codes(report)).toEqual(["signer", "checkpoint"]);
	});

	it("show a log that somebody has made anew from its middle", async () => {
		const honest = log();
		const checkpoint = signed(honest);
		const forged = new EventLogBuilder().add(other(1, { type: "disarmed", reason: "link" }));
		forged.add(other(2, certificates())).add(checkpoint);
		expect(codes(await verify(forged.bytes(), { anchor }))).toEqual(["checkpoint"]);
	});
});

describe("reading", () => {
	it("finds entries of every length, in blocks up to their largest", async () => {
		const log = new EventLogBuilder();
		for (let length = 0; length < 200; length++) {
			const sequence = length + 1;
			log.add(other(sequence, { type: "booted", reason: "r", build: "", crash: "x".repeat(length) }));
		}
		log.add(...Array.from({ length: 40 }, (_, i) => started(201 + i)));
		expect(await verify(log.bytes())).toMatchObject({ verdict: "intact", entries: 240 });
	});

	it("gives the entries' own bytes", async () => {
		const log = new EventLogBuilder().add(started(1));
		const bytes = log.bytes();
		const source = { bytes: bytes.length, identity: TEST_CARD, read: () => bytes };
		for await (const piece of readLog(source))
			expect(piece).toMatchObject({
				kind: "block",
				entries: [encodeCbor({ entry: 1, boot: 1, event: started(1)[1] })],
			});
	});
});
