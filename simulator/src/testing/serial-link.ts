import { ConsoleDecoder, encodeConsole } from "@bodycam/protocol/smp/console-framing";
import { SmpLink } from "../ports/smp-link.ts";
import type { BootedCamera } from "./boot-camera.ts";

/** Longest packet that is taken, bytes. */
const PACKET_MAX = 8192;

/** Asks a camera over its serial port, in console framing and in virtual time. */
export function serialLink(camera: BootedCamera): SmpLink {
	camera.serial.plug(true);
	return new SmpLink(
		{
			transmit: (packet) => camera.serial.transmit(encodeConsole(packet)),
			listen: (onPacket) => {
				const decoder = new ConsoleDecoder({ maxPacket: PACKET_MAX, onPacket });
				camera.serial.listen((bytes) => decoder.push(bytes));
			},
		},
		(ms) => camera.advance(ms),
	);
}
