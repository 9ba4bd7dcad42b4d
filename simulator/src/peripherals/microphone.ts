import { Microphone } from "@bodycam/protocol/board/records";
import { DmaRing } from "../bus/dma-ring.ts";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import type { Scene } from "../camera/video-source.ts";
import type { NearbySound } from "../sound/nearby.ts";
import { OpusCodec, PRE_SKIP } from "../sound/opus.ts";
import { levelOf, PACKET_SAMPLES, PACKET_TIME, SAMPLE_RATE } from "../sound/pcm.ts";
import { type SoundLoop, WARM_UP_PACKETS } from "../sound/sound-loop.ts";

/** Time the encoder takes to answer CONFIGURE, µs. */
const CONFIGURE_TIME = 1_000;

/**
 * The microphone with its Opus encoder. While only the world is heard its packets are those of the sound loop;
 * while the speaker or somebody near sounds, and a little longer, both are mixed and encoded live by an encoder that has heard
 * what came before.
 */
export class MicrophonePeripheral implements Peripheral {
	readonly family = Microphone.CONFIGURE >> 8;
	readonly #bus: Bus;
	readonly #world: SoundLoop;
	readonly #scene: Scene;
	readonly #nearby: NearbySound;
	readonly #ring = new DmaRing();
	readonly #deliver = () => this.#collected();
	readonly #configured = () => this.#tellFormat();
	readonly #pcm = new Int16Array(PACKET_SAMPLES);
	#live: OpusCodec | undefined;
	#liveUntil = 0;
	#ticket = 0;
	#running = false;
	#packetStart = 0;
	#lost = 0;
	/** Level of the packet that was encoded last. */
	#level = 0;

	/** @param scene - where the camera is in its scene: the sound follows the picture */
	constructor(bus: Bus, world: SoundLoop, scene: Scene, nearby: NearbySound) {
		this.#bus = bus;
		this.#world = world;
		this.#scene = scene;
		this.#nearby = nearby;
	}

	receive(kind: number, _unit: number, a: number, b: number): void {
		switch (kind) {
			case Microphone.RELEASE:
				if (!this.#ring.release(a, b)) {
					this.#bus.violation(`microphone: ${b} bytes at ${a} released out of order`);
				}
				return;
			case Microphone.CONFIGURE:
				if (!inMedia(this.#bus, "microphone", a, b)) return;
				this.#ring.configure(a, b);
				this.#bus.schedule(CONFIGURE_TIME, this.#configured);
				return;
			case Microphone.START:
				if (this.#running) return;
				this.#running = true;
				this.#packetStart = this.#bus.now;
				this.#ticket = this.#bus.schedule(PACKET_TIME, this.#deliver);
				return;
			case Microphone.STOP:
				this.#stop();
				return;
			default:
				this.#bus.violation(`microphone: unknown record ${kind.toString(16)}`);
		}
	}

	halt(): void {
		this.#stop();
		this.#ring.forget();
		this.#lost = 0;
	}

	#stop(): void {
		this.#running = false;
		this.#bus.cancel(this.#ticket);
		this.#endLive();
	}

	#tellFormat(): void {
		this.#bus.post(Microphone.FORMAT, 0, SAMPLE_RATE, 1, PRE_SKIP, PACKET_TIME);
	}

	#collected(): void {
		const start = this.#packetStart;
		const packet = this.#encode(start);
		this.#packetStart = start + PACKET_TIME;
		this.#ticket = this.#bus.schedule(PACKET_TIME, this.#deliver);
		const at = this.#ring.reserve(packet.length);
		if (at < 0) {
			this.#lost += 1;
			return;
		}
		if (this.#lost > 0) {
			this.#bus.post(Microphone.OVERRUN, 0, this.#lost);
			this.#lost = 0;
		}
		this.#bus.media.write(at, packet);
		this.#bus.post(Microphone.PACKET, 0, at, packet.length, this.#level, this.#bus.now - start);
	}

	#encode(start: number): Uint8Array {
		this.#scene.epoch ??= start;
		const sounding = this.#nearby.soundsBetween(start, start + PACKET_TIME);
		if (sounding) this.#liveUntil = start + (WARM_UP_PACKETS + 1) * PACKET_TIME;
		else if (!this.#live || start >= this.#liveUntil) {
			this.#endLive();
			const { period } = this.#world;
			const offset = (start - this.#scene.epoch) % period;
			const position = offset < 0 ? offset + period : offset;
			this.#level = this.#world.levelAt(position);
			return this.#world.packetAt(position);
		}
		this.#live ??= this.#warmEncoder(start);
		this.#listen(start);
		this.#level = levelOf(this.#pcm);
		return this.#live.encode(this.#pcm);
	}

	#warmEncoder(start: number): OpusCodec {
		const codec = new OpusCodec();
		for (let packet = WARM_UP_PACKETS; packet > 0; packet--) {
			this.#listen(start - packet * PACKET_TIME);
			codec.encode(this.#pcm);
		}
		return codec;
	}

	#listen(from: number): void {
		this.#world.read(from - (this.#scene.epoch ?? from), this.#pcm);
		this.#nearby.mixInto(from, this.#pcm);
	}

	#endLive(): void {
		this.#live?.close();
		this.#live = undefined;
	}
}
