import { parseIdentity } from "@bodycam/protocol/age/keys";
import { openAgeHeader, readAgeHeader } from "@bodycam/protocol/age/read-header";
import { PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import { nodeAgeCrypto } from "@bodycam/protocol/testing/node-age-crypto";
import { describe, expect, it } from "vitest";
import type { Machine } from "../machine/machine.ts";
import { type BootedCamera, bootCamera } from "../testing/boot-camera.ts";
import { engineOfTests, machinesWithCut } from "../testing/engines.ts";

/** A camera that records, and all memory of its engine that can be seen from outside, whenever it is asked for. */
async function recordingCamera() {
	const machines: Machine[] = [];
	const make = machinesWithCut(engineOfTests(), undefined);
	const camera = await bootCamera({
		preRecordSeconds: 2,
		createMachine(options, predecessor) {
			const machine = make(options, predecessor);
			machines.push(machine);
			return machine;
		},
	});
	camera.advance(4_000);
	camera.press("start");
	camera.advance(2_000);
	const memory = (): Buffer => {
		const media = machines.at(-1)?.media;
		const seen = media?.read(0, media.length) ?? new Uint8Array();
		// In this process the engine's heap and stacks lie in the same memory.
		return Buffer.from(engineOfTests() === "wasm" ? new Uint8Array(seen.buffer) : seen);
	};
	return { camera, memory };
}

/** The file key of a recording, and the key of its payload. */
function keysOf(camera: BootedCamera, number: number) {
	const age = camera.pullPart(number, "age");
	const header = readAgeHeader(age);
	const identity = parseIdentity(camera.agency?.identities.daily ?? "");
	const file = openAgeHeader(header, [identity], nodeAgeCrypto);
	const nonce = age.slice(header.bytes, header.bytes + PAYLOAD_NONCE_BYTES);
	return { file: Buffer.from(file), payload: Buffer.from(payloadKey(file, nonce, nodeAgeCrypto)) };
}

describe("of the keys of a recording", () => {
	it("one is in memory while it is made, and none once it is closed", async () => {
		const { camera, memory } = await recordingCamera();
		const during = memory();
		camera.press("stop");
		camera.advanceUntil(() => camera.recordings()[0]?.state === "complete", 10_000);
		const after = memory();
		const { file, payload } = keysOf(camera, 1);
		expect([during.includes(payload), during.includes(file)]).toEqual([true, false]);
		expect([after.includes(payload), after.includes(file)]).toEqual([false, false]);
	});

	it("none is left when its card is pulled out", async () => {
		const { camera, memory } = await recordingCamera();
		const during = memory();
		const medium = camera.board.peripherals.card.remove();
		camera.advance(2_000);
		const after = memory();
		if (medium) camera.board.peripherals.card.insert(medium);
		camera.advance(4_000);
		expect(camera.recordings()).toMatchObject([{ state: "interrupted" }]);
		const { payload } = keysOf(camera, 1);
		expect([during.includes(payload), after.includes(payload)]).toEqual([true, false]);
	});
});
