/**
 * Ends an emulator that does not answer. The simulator waits for answers in blocking reads, during which no timer of
 * its own can run, so one thread for all machines of the process looks after them.
 */
import { Worker } from "node:worker_threads";

/** How long an emulator may take for one answer, s: longer than the 4 s of its own watchdog take on a busy host. */
export const ANSWER_LIMIT_S = 60;

/** Machines that can be waited for at once, and that can be guarded. */
const SLOTS = 1024;

/** Words of a slot: process group to end, seconds it may take, question that is waited for (0: none), whether it was ended. */
const GROUP = 0;
const LIMIT = 1;
const QUESTION = 2;
const ENDED = 3;
const WORDS = 4;

/**
 * Counts by how many seconds a question outlasts, so that time during which the whole process was stopped does not
 * count. Plain JavaScript in a string: there is no file of it beside a bundle.
 */
const PROGRAM = `
const { workerData: { words, slots } } = require("node:worker_threads");
const table = new Int32Array(words);
const nap = new Int32Array(new SharedArrayBuffer(4));
const seen = new Int32Array(slots);
const seconds = new Int32Array(slots);
for (;;) {
	Atomics.wait(nap, 0, 0, 1000);
	for (let slot = 0; slot < slots; slot++) {
		const question = Atomics.load(table, slot * ${WORDS} + ${QUESTION});
		if (question === 0 || question !== seen[slot]) seconds[slot] = 0;
		else if (++seconds[slot] === Atomics.load(table, slot * ${WORDS} + ${LIMIT})) {
			Atomics.store(table, slot * ${WORDS} + ${ENDED}, 1);
			try { process.kill(-Atomics.load(table, slot * ${WORDS} + ${GROUP}), "SIGKILL"); } catch {}
		}
		seen[slot] = question;
	}
}`;

let table: Int32Array | undefined;
const free: number[] = [];

/** Never the same for two machines: one that takes over a slot must not inherit the seconds of the one before. */
let lastQuestion = 0;

/** Watches over the answers of one emulator. */
export class AnswerGuard {
	readonly #table: Int32Array;
	readonly #slot: number;

	/**
	 * @param group - process group that is ended when an answer does not come
	 * @param limitSeconds - how long one may take
	 * @throws RangeError for a group that no child of this process has
	 */
	constructor(group: number, limitSeconds = ANSWER_LIMIT_S) {
		// For a signal 0 is the group of this process, and 1 stands for all processes.
		if (group < 2) throw new RangeError(`${group} is no process group of an emulator`);
		this.#table = table ??= startGuard();
		const slot = free.pop();
		if (slot === undefined) throw new RangeError(`more than ${SLOTS} emulators run in this process`);
		this.#slot = slot * WORDS;
		this.#table.fill(0, this.#slot, this.#slot + WORDS);
		Atomics.store(this.#table, this.#slot + GROUP, group);
		Atomics.store(this.#table, this.#slot + LIMIT, limitSeconds);
	}

	/** True when the emulator was ended. */
	get timedOut(): boolean {
		return Atomics.load(this.#table, this.#slot + ENDED) !== 0;
	}

	/** An answer is waited for from now on. */
	asked(): void {
		lastQuestion = (lastQuestion % 0x7fff_ffff) + 1;
		Atomics.store(this.#table, this.#slot + QUESTION, lastQuestion);
	}

	/** It has come. */
	answered(): void {
		Atomics.store(this.#table, this.#slot + QUESTION, 0);
	}

	/** Nothing is watched any more; to be called once. */
	release(): void {
		this.answered();
		free.push(this.#slot / WORDS);
	}
}

function startGuard(): Int32Array {
	const words = new SharedArrayBuffer(SLOTS * WORDS * 4);
	for (let slot = SLOTS - 1; slot >= 0; slot--) free.push(slot);
	const workerData = { words, slots: SLOTS };
	const worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [] });
	worker.unref();
	return new Int32Array(words);
}
