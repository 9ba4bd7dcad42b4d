import { expect, it } from "vitest";
import { bootCamera } from "../testing/boot-camera.ts";
import { byEngine } from "../testing/engines.ts";
import { attackOverBluetooth } from "../testing/hostile-client.ts";
import { createRandomness } from "../world/random.ts";

/** Clients that attack a camera, one after another. */
const CLIENTS = byEngine({ wasm: 6, "mps3-an547": 2 });

it("a camera outlives hostile Bluetooth clients, answers honest ones and records meanwhile", async () => {
	const camera = await bootCamera({ ble: true, preRecordSeconds: 2 });
	camera.advance(3000);
	camera.press("start");
	const random = createRandomness(11).stream("hostile-client");
	for (let client = 0; client < CLIENTS; client++) attackOverBluetooth(camera, random);
	camera.press("stop");
	camera.advance(3000);
	expect(camera.resets).toEqual([]);
	expect(camera.air?.links).toBe(0);
	expect(camera.recording(1)).toMatchObject({ interrupted: false, state: "complete" });
	expect(camera.recording(1).lost ?? { frames: 0, packets: 0 }).toEqual({ frames: 0, packets: 0 });
});
