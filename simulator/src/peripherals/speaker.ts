import { Speaker, Status } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import { mixed, samplesIn } from "../sound/pcm.ts";
import { decodePrompt, PROMPT_PACKET_TIME, type Prompt } from "../sound/prompt.ts";

/** How much of the speaker's sound reaches the microphone of the same device, at full volume. */
const COUPLING = 0.6;

/** Prompts the log keeps. */
const LOG_LENGTH = 64;

/** How long sound that has ended can still be part of a packet that the microphone is collecting, µs. */
const MEMORY = 200_000;

/** How a speaker is: it works; it says that it cannot play; or it plays and nothing is heard. */
export const SPEAKER_CONDITIONS = ["ok", "error", "silent"] as const;

/** One of `SPEAKER_CONDITIONS`. */
export type SpeakerCondition = (typeof SPEAKER_CONDITIONS)[number];

/** A prompt that was played. Times in µs of board time. */
export interface PlayedPrompt {
	/** When it began. */
	readonly start: number;
	/** When it ended, or will end. */
	end: number;
	/** Volume in percent. */
	readonly volume: number;
	/** 16 kHz mono samples of the whole prompt at full volume. */
	readonly samples: Int16Array;
	/** True when it was stopped before its end. */
	stopped: boolean;
	/** False when the speaker was silent from its start, or fell silent. */
	heard: boolean;
}

/** The speaker: plays prompts in exact time, and the microphone hears it. */
export class SpeakerPeripheral implements Peripheral {
	readonly family = Speaker.PLAY >> 8;
	readonly #bus: Bus;
	readonly #ended = (tag: number) => this.#finish(tag, Status.ok);
	readonly #log: PlayedPrompt[] = [];
	#audible: PlayedPrompt[] = [];
	#current: PlayedPrompt | undefined;
	#condition: SpeakerCondition = "ok";
	#ticket = 0;
	#tag = 0;

	constructor(bus: Bus) {
		this.#bus = bus;
	}

	/** The prompts played last, oldest first. */
	get log(): readonly PlayedPrompt[] {
		return this.#log;
	}

	receive(kind: number, _unit: number, a: number, b: number, c: number, d: number): void {
		switch (kind) {
			case Speaker.PLAY:
				this.#play(a, b, c, d);
				return;
			case Speaker.STOP:
				this.#stop();
				return;
			default:
				this.#bus.violation(`speaker: unknown record ${kind.toString(16)}`);
		}
	}

	halt(): void {
		this.#cutOff();
	}

	/** How it is. */
	get condition(): SpeakerCondition {
		return this.#condition;
	}

	/** Breaks or repairs it, in the middle of a prompt too. */
	set(condition: SpeakerCondition): void {
		this.#condition = condition;
		if (condition === "ok" || !this.#current) return;
		const { now } = this.#bus;
		if (condition === "error") {
			this.#cutOff();
			this.#finish(this.#tag, Status.ioError);
			return;
		}
		this.#current.heard = false;
		this.#audible = this.#audible.map((prompt) =>
			prompt === this.#current ? { ...prompt, end: now } : prompt,
		);
	}

	/** Whether anything sounds between two times, µs. */
	soundsBetween(from: number, to: number): boolean {
		for (let index = 0; index < this.#audible.length; index++) {
			const prompt = this.#audible[index];
			if (prompt && prompt.start < to && prompt.end > from) return true;
		}
		return false;
	}

	/** Adds what sounds from a time on, µs, to 16 kHz mono samples. */
	mixInto(from: number, into: Int16Array): void {
		for (const prompt of this.#audible) {
			const gain = (COUPLING * prompt.volume) / 100;
			const offset = samplesIn(from - prompt.start);
			const last = Math.min(prompt.samples.length, samplesIn(prompt.end - prompt.start));
			for (let index = Math.max(0, -offset); index < into.length && offset + index < last; index++) {
				into[index] = mixed(into[index] ?? 0, Math.round((prompt.samples[offset + index] ?? 0) * gain));
			}
		}
	}

	#play(at: number, length: number, volume: number, tag: number): void {
		this.#stop();
		if (!inMedia(this.#bus, "speaker", at, length)) return;
		const prompt = this.#condition === "error" ? undefined : this.#decode(this.#bus.media.read(at, length));
		if (!prompt) {
			this.#bus.schedule(0, () => this.#bus.post(Speaker.DONE, 0, Status.ioError, 0, 0, tag));
			return;
		}
		const { now } = this.#bus;
		const duration = prompt.packets * PROMPT_PACKET_TIME;
		const played: PlayedPrompt = {
			start: now,
			end: now + duration,
			volume: Math.min(100, volume),
			samples: prompt.samples,
			stopped: false,
			heard: this.#condition === "ok",
		};
		this.#audible = this.#audible.filter((earlier) => earlier.end > now - MEMORY);
		if (played.heard) this.#audible.push(played);
		this.#log.push(played);
		if (this.#log.length > LOG_LENGTH) this.#log.shift();
		this.#current = played;
		this.#tag = tag;
		this.#ticket = this.#bus.schedule(duration, this.#ended, tag);
	}

	#decode(bytes: Uint8Array): Prompt | undefined {
		try {
			return decodePrompt(bytes);
		} catch (error) {
			this.#bus.violation(`speaker: ${error instanceof Error ? error.message : String(error)}`);
			return undefined;
		}
	}

	#stop(): void {
		if (!this.#current) return;
		const tag = this.#tag;
		this.#cutOff();
		this.#finish(tag, Status.canceled);
	}

	#cutOff(): void {
		this.#bus.cancel(this.#ticket);
		if (!this.#current) return;
		this.#current.end = this.#bus.now;
		this.#current.stopped = true;
		this.#current = undefined;
	}

	#finish(tag: number, status: number): void {
		this.#current = undefined;
		this.#bus.post(Speaker.DONE, 0, status, 0, 0, tag);
	}
}
