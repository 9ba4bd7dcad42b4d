import type { BootedCamera } from "@bodycam/simulator/testing/boot-camera";
import { LineCodec, type LineFraming, packetRate } from "../transport/line-framing.ts";
import type { SmpTransport, TransportListener } from "../transport/transport.ts";
import { VirtualTime } from "./virtual-time.ts";

/** The serial line of a camera in virtual time, for the client that talks over real lines. */
export class VirtualSerial implements SmpTransport {
	readonly address = "virtual:";
	readonly maxPacket = 65_533;
	readonly packetRate: number;
	readonly #camera: BootedCamera;
	readonly #codec: LineCodec;
	readonly #time: VirtualTime;
	#listener: TransportListener | undefined;

	/** @param baud - that of the camera's port */
	constructor(camera: BootedCamera, baud: number, framing: LineFraming) {
		this.#camera = camera;
		this.#time = new VirtualTime(camera.world);
		this.packetRate = packetRate(baud, framing);
		this.#codec = new LineCodec({
			write: () => undefined,
			onPacket: (packet) => {
				this.#time.heard();
				this.#listener?.packet(packet);
			},
			onText: () => undefined,
		});
		this.#codec.framing = framing;
		camera.serial.listen((bytes) => this.#codec.received(bytes));
	}

	listen(listener: TransportListener): void {
		this.#listener = listener;
	}

	async send(packet: Uint8Array): Promise<void> {
		this.#camera.serial.transmit(this.#codec.encode(packet));
	}

	async close(): Promise<void> {
		this.#camera.serial.listen(undefined);
	}

	/** Lets virtual time pass until the work is done. */
	while<T>(work: Promise<T>): Promise<T> {
		return this.#time.while(work);
	}
}
