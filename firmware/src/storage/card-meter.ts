import type { Timers } from "../hal/timers.ts";
import type { WriteFigures } from "./store-interface.ts";

/** Measures what a recording asks of the card and what the card gives. Allocates nothing but in `figures`. */
export interface CardMeter {
	/** A recording begins: measures anew. */
	start(): void;
	/** It has ended: its figures stay until the next one. */
	stop(): void;
	/** The card has something to do after a time without. */
	woken(): void;
	/** A request was tried again. */
	retried(): void;
	/** A request is done; the next one is begun now. @param bytes - of a write; 0: it was something else */
	done(bytes: number, isFlush: boolean): void;
	/** So many bytes wait in staging. */
	filled(bytes: number): void;
	/** What was measured. @param staging - bytes of staging */
	figures(staging: number): WriteFigures;
}

/** Creates a meter. */
export function createCardMeter(timers: Pick<Timers, "now">): CardMeter {
	let running = false;
	let startedAt = 0;
	let endedAt = 0;
	let begunAt = 0;
	let bytes = 0;
	let busy = 0;
	let longestWrite = 0;
	let longestFlush = 0;
	let retries = 0;
	let highest = 0;

	return {
		start() {
			running = true;
			startedAt = begunAt = timers.now();
			bytes = busy = longestWrite = longestFlush = retries = highest = 0;
		},
		stop() {
			if (running) endedAt = timers.now();
			running = false;
		},
		woken() {
			begunAt = timers.now();
		},
		retried() {
			retries++;
		},
		done(length, isFlush) {
			const now = timers.now();
			const took = now - begunAt;
			begunAt = now;
			if (!running) return;
			busy += took;
			if (length > 0) {
				bytes += length;
				if (took > longestWrite) longestWrite = took;
			} else if (isFlush && took > longestFlush) longestFlush = took;
		},
		filled(length) {
			if (length > highest) highest = length;
		},
		figures: (staging) => ({
			bytes,
			durationMs: Math.round(((running ? timers.now() : endedAt) - startedAt) / 1000),
			busyMs: Math.round(busy / 1000),
			longestWriteMs: Math.round(longestWrite / 1000),
			longestFlushMs: Math.round(longestFlush / 1000),
			retries,
			highestFill: highest,
			staging,
		}),
	};
}
