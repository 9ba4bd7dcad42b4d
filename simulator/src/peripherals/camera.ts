import { Camera } from "@bodycam/protocol/board/records";
import { DmaRing } from "../bus/dma-ring.ts";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import type { VideoStream } from "../camera/video-source.ts";

/** Time the encoder takes to answer CONFIGURE, µs. */
const CONFIGURE_TIME = 1_000;

/** The camera with its encoder: copies access units into the firmware's DMA buffer as they arrive. */
export class CameraPeripheral implements Peripheral {
	readonly family = Camera.CONFIGURE >> 8;
	readonly #bus: Bus;
	readonly #stream: VideoStream;
	readonly #ring = new DmaRing();
	readonly #deliver = () => this.#arrived();
	readonly #configured = () => this.#tellFormat();
	#nextFrame = 0;
	#running = false;
	#lost = 0;
	#delivered = 0;

	constructor(bus: Bus, stream: VideoStream) {
		this.#bus = bus;
		this.#stream = stream;
	}

	/** Access units handed to the firmware since power-on. */
	get delivered(): number {
		return this.#delivered;
	}

	receive(kind: number, _unit: number, a: number, b: number, c: number): void {
		switch (kind) {
			case Camera.RELEASE:
				if (!this.#ring.release(a, b))
					this.#bus.violation(`camera: ${b} bytes at ${a} released out of order`);
				return;
			case Camera.CONFIGURE:
				if (!inMedia(this.#bus, "camera", a, b)) return;
				this.#ring.configure(a, b);
				this.#stream.setBitRate(c);
				this.#bus.schedule(CONFIGURE_TIME, this.#configured);
				return;
			case Camera.START:
				if (this.#running) return;
				this.#running = true;
				this.#stream.start(this.#bus.now);
				this.#expect();
				return;
			case Camera.STOP:
				this.#stop();
				return;
			case Camera.KEYFRAME:
				this.#stream.requestKeyframe();
				return;
			default:
				this.#bus.violation(`camera: unknown record ${kind.toString(16)}`);
		}
	}

	halt(): void {
		this.#stop();
		this.#ring.forget();
		this.#lost = 0;
	}

	/** The encoder breaks down: it stops and says so. @param code - which fault */
	fail(code: number): void {
		this.#stop();
		this.#bus.post(Camera.FAULT, 0, code);
	}

	#stop(): void {
		this.#running = false;
		this.#bus.cancel(this.#nextFrame);
		this.#nextFrame = 0;
	}

	#expect(): void {
		this.#nextFrame = this.#bus.schedule(this.#stream.arrival - this.#bus.now, this.#deliver);
	}

	#arrived(): void {
		const stream = this.#stream;
		const unit = stream.unit;
		const at = this.#ring.reserve(unit.length);
		const lost = at < 0;
		if (lost) {
			this.#lost += 1;
		} else {
			if (this.#lost > 0) this.#tellLost();
			const now = this.#bus.now;
			this.#bus.media.write(at, unit);
			this.#delivered += 1;
			this.#bus.post(
				Camera.FRAME,
				0,
				at,
				unit.length,
				stream.keyframe ? 1 : 0,
				now - stream.presentation,
				now - stream.decode,
			);
		}
		stream.advance();
		if (lost) stream.requestKeyframe();
		this.#expect();
	}

	#tellLost(): void {
		this.#bus.post(Camera.OVERRUN, 0, this.#lost);
		this.#lost = 0;
	}

	#tellFormat(): void {
		if (!this.#ring.configured) return;
		const { configuration, width, height, frameTime, bitRate, keyframesOnRequest, bitRateAdjustable } =
			this.#stream.format;
		const at = this.#ring.reserve(configuration.length);
		if (at < 0) {
			this.#bus.schedule(CONFIGURE_TIME, this.#configured);
			return;
		}
		this.#bus.media.write(at, configuration);
		const flags = (keyframesOnRequest ? 1 : 0) | (bitRateAdjustable ? 2 : 0);
		this.#bus.post(
			Camera.FORMAT,
			0,
			at,
			configuration.length,
			((width << 16) | height) >>> 0,
			frameTime,
			bitRate,
			flags,
		);
	}
}
