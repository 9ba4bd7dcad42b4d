import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { readCheckpoint } from "@bodycam/protocol/event-log/checkpoint";
import { nodeTrustCrypto as crypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { describe, expect, it } from "vitest";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { Checkpoints, type SigningIdentity } from "./checkpoints.ts";

const CARD = new Uint8Array(16).fill(5);
const SECOND = 1_000_000;

function setUp(identity: SigningIdentity | undefined) {
	const timers = createVirtualTimers();
	const emitted: CameraEventBody[] = [];
	let sequence = 0;
	const log = {
		stored: 0,
		entries: 0,
		card: CARD as Uint8Array | undefined,
		head: () => new Uint8Array(32).fill(log.entries),
	};
	const state = { identity };
	const emit = (event: CameraEventBody) => {
		sequence++;
		emitted.push(event);
		checkpoints.added({ ...event, sequence, monotonicMs: 0 } as Parameters<Checkpoints["added"]>[0]);
	};
	const checkpoints = new Checkpoints({
		timers,
		device: "0badcafe",
		log,
		identity: () => state.identity,
		crypto,
		emit,
	});
	const store = () => {
		log.stored = sequence;
		log.entries = sequence;
		checkpoints.stored();
	};
	const types = () => emitted.map(({ type }) => type);
	return { timers, emitted, emit, store, types, log, state };
}

const identity: SigningIdentity = {
	signer: testSigner(1),
	membership: { deviceSigning: Uint8Array.of(1), device: Uint8Array.of(2) },
};
const opened = { type: "log-opened", device: "0badcafe", entries: 0, cutBytes: 0 } as const;
const started = { type: "recording-started", recording: 1 } as const;
const closed = {
	type: "recording-closed",
	recording: 1,
	bytes: 1,
	durationMs: 1,
	sha256: new Uint8Array(32),
} as const;

describe("checkpoints", () => {
	it("are signed when a log is opened, with the certificates before the first", () => {
		const { emit, store, types, emitted } = setUp(identity);
		emit(opened);
		store();
		expect(types()).toEqual(["log-opened", "log-signer", "log-checkpoint"]);
		const checkpoint = emitted[2];
		if (checkpoint?.type !== "log-checkpoint") throw new Error("no checkpoint");
		const hash = new Uint8Array(32).fill(1);
		expect(readCheckpoint(checkpoint.signed)).toEqual({ device: "0badcafe", card: CARD, entries: 1, hash });
	});

	it("are signed when a recording has ended and that is on the card", () => {
		const { emit, store, types } = setUp(identity);
		emit(opened);
		store();
		store();
		emit(closed);
		expect(types().at(-1)).toBe("recording-closed");
		store();
		expect(types().slice(3)).toEqual(["recording-closed", "log-checkpoint"]);
	});

	it("are signed every ten minutes in which something happened, and not because of themselves", async () => {
		const { emit, store, types, timers } = setUp(identity);
		emit(opened);
		store();
		store();
		await timers.advance(3600 * SECOND);
		expect(types()).toHaveLength(3);
		emit(started);
		store();
		await timers.advance(599 * SECOND);
		expect(types()).toHaveLength(4);
		await timers.advance(2 * SECOND);
		expect(types().slice(3)).toEqual(["recording-started", "log-checkpoint"]);
		store();
		await timers.advance(3600 * SECOND);
		expect(types()).toHaveLength(5);
	});

	it("are not signed without a key, and begin when there is one", async () => {
		const { emit, store, types, timers, state } = setUp(undefined);
		emit(opened);
		store();
		await timers.advance(3600 * SECOND);
		expect(types()).toEqual(["log-opened"]);
		state.identity = identity;
		emit(started);
		store();
		expect(types()).toEqual(["log-opened", "recording-started", "log-signer", "log-checkpoint"]);
	});

	it("are not signed for a card that is away when their time comes", async () => {
		const { emit, store, types, timers, log } = setUp(identity);
		emit(opened);
		store();
		emit(started);
		store();
		log.card = undefined;
		await timers.advance(3600 * SECOND);
		expect(types()).toHaveLength(4);
	});
});
