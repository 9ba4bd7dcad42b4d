import { osEcho } from "@bodycam/protocol/smp/os";
import { SmpLink } from "../ports/smp-link.ts";
import { ATT } from "../radio/att/codes.ts";
import { CHANNEL, l2capFrame } from "../radio/l2cap/frames.ts";
import type { RandomStream } from "../world/random.ts";
import type { BleClient } from "./ble-client.ts";
import type { BootedCamera } from "./boot-camera.ts";

/** Attacks on one connection, after which an honest client asks something. */
const ATTACKS = 40;

/** Time between two attacks at most, ms. */
const PAUSE = 40;

/** Longest time until a camera takes an honest client again, ms: a silent link has to end first. */
const RECOVERY = 12_000;

/** Requests of ATT that a client may send, and some that it must not. */
const OPCODES = [...Object.values(ATT), 0x16, 0x18, 0x1e, 0x20, 0xd2, 0xff];

/**
 * Sends a camera what no client should over Bluetooth: any L2CAP frames, packets that begin and continue anything, any
 * ATT PDUs, any SMP packets, links that end or fall silent in the middle. An honest client is answered afterwards.
 * @throws Error where it is not
 */
export function attackOverBluetooth(camera: BootedCamera, random: RandomStream): void {
	const client = camera.connectBle();
	for (let attack = 0; attack < ATTACKS && client.connected; attack++) {
		attackOnce(client, random);
		camera.advance(random.below(PAUSE));
	}
	if (random.below(2) === 0) client.link?.silence();
	else if (client.connected) client.disconnect();
	camera.advance(RECOVERY);
	const honest = camera.connectBle({ address: "00:00:00:00:00:cc" });
	const link = new SmpLink(honest, (ms) => camera.advance(ms));
	const { r } = link.request(osEcho, { d: "still there" });
	if (r !== "still there") throw new Error(`the camera answers ${r}`);
	honest.disconnect();
	camera.advance(100);
}

function attackOnce(client: BleClient, random: RandomStream): void {
	const raw = (bytes: Uint8Array, start: boolean): void => client.link?.central.send(bytes, start);
	switch (random.below(6)) {
		case 0:
			// Any packet, which begins a frame or goes on with one.
			raw(noise(random, random.below(300)), random.below(2) === 0);
			return;
		case 1:
			// A frame that says another length than it has.
			raw(
				Uint8Array.of(random.below(256), random.below(4), 4 + random.below(3), 0, ...noise(random, 20)),
				true,
			);
			return;
		case 2:
			raw(l2capFrame(random.below(0x80), noise(random, random.below(100))), true);
			return;
		case 3: {
			const pdu = noise(random, 1 + random.below(40));
			pdu[0] = OPCODES[random.below(OPCODES.length)] ?? 0;
			// Handles that exist are more to the point than others.
			if (pdu.length > 2 && random.below(2) === 0) pdu.set([1 + random.below(6), 0], 1);
			raw(l2capFrame(CHANNEL.att, pdu), true);
			return;
		}
		case 4: {
			// The beginning of an SMP packet that may never end, or of none.
			const packet = noise(random, random.below(client.mtu - 3));
			if (packet.length > 8) packet.set([random.below(4), 0, random.below(20), random.below(256), 0], 0);
			client.write(packet);
			return;
		}
		default:
			client.subscribe(random.below(2) === 0);
	}
}

function noise(random: RandomStream, length: number): Uint8Array {
	const bytes = new Uint8Array(length);
	random.fill(bytes);
	return bytes;
}
