import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { HEADER_BYTES, Operation, Version, writeHeader } from "@bodycam/protocol/smp/header";
import { describe, expect, it } from "vitest";
import { bootCamera } from "../testing/boot-camera.ts";
import { createRandomness } from "../world/random.ts";

describe("a hostile peer", () => {
	it("cannot fill the engine with the keys of its requests", async () => {
		const camera = await bootCamera({ preRecordSeconds: 0 });
		camera.advance(1_000);
		for (let request = 0; request < 300; request++) {
			const keys = Array.from({ length: 100 }, (_, index) => [
				`key ${request} ${index}`,
				{ [`in ${request} ${index}`]: 1 },
			]);
			const packet = encodeCbor({ d: "x", ...Object.fromEntries(keys) }, HEADER_BYTES);
			writeHeader(packet, {
				operation: Operation.write,
				version: Version.v2,
				flags: 0,
				group: 0,
				sequence: request % 256,
				id: 0,
				length: packet.length - HEADER_BYTES,
			});
			camera.client.transmit(packet);
			camera.advance(20);
		}
		expect(camera.resets).toEqual([]);
		expect(camera.status().capture.state).toBeDefined();
	});

	it("does not disturb a recording with garbage on serial line and datagrams", async () => {
		const camera = await bootCamera({ preRecordSeconds: 2 });
		camera.advance(3_000);
		camera.press("start");
		const random = createRandomness(5).stream("garbage");
		for (let round = 0; round < 400; round++) {
			const noise = new Uint8Array(1 + random.below(600));
			random.fill(noise);
			if (round % 2 === 0) camera.serial.transmit(noise);
			else camera.client.transmit(noise);
			camera.advance(5);
		}
		camera.press("stop");
		camera.advance(2_000);
		expect(camera.recording(1)).toMatchObject({ interrupted: false, state: "complete" });
		expect(camera.recording(1).lost ?? { frames: 0, packets: 0 }).toEqual({ frames: 0, packets: 0 });
	});
});
