/**
 * Which functions of the image take the instructions: QEMU counts every instruction that is executed (see
 * `instruction-counter.c`), the symbols of the image say whose it is. Exact, and the image is the one that is measured.
 */
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { EMULATOR, findEmulator } from "@bodycam/simulator/machine/mps3-an547/emulator";

/** The memory the image's code lies in (see `mps3-an547.ld`). */
const CODE_BASE = 0x1100_0000;
const CODE_BYTES = 2 * 1024 * 1024;

/** Instructions by function, the dearest first. */
export type FunctionProfile = readonly (readonly [name: string, instructions: number])[];

interface Symbol {
	readonly at: number;
	readonly name: string;
}

/** Counts the instructions of emulators that start while it is open; only one may run at a time. */
export class FunctionProfiler {
	readonly #folder = mkdtempSync(join(tmpdir(), "bodycam-profile-"));
	readonly #counts = join(this.#folder, "counts");
	readonly #path = process.env.PATH ?? "";
	readonly #symbols: readonly Symbol[];
	#before = new Map<string, number>();

	/**
	 * Compiles the plugin, and puts an emulator that loads it before the real one.
	 * @param image - the image, an ELF file with its symbols
	 * @throws Error when there is no C compiler for this host
	 */
	constructor(image: string) {
		const plugin = join(this.#folder, "instruction-counter.so");
		const source = join(process.cwd(), "scripts/bench/image/instruction-counter.c");
		execFileSync("cc", ["-shared", "-fPIC", "-O2", "-o", plugin, source], { stdio: "inherit" });
		writeFileSync(this.#counts, "");
		truncateSync(this.#counts, (CODE_BYTES / 2) * 8);
		const settings = `${plugin},counts=${this.#counts},base=${CODE_BASE},bytes=${CODE_BYTES}`;
		const emulator = join(this.#folder, EMULATOR);
		writeFileSync(emulator, `#!/bin/sh\nexec "${findEmulator()}" -plugin "${settings}" "$@"\n`);
		chmodSync(emulator, 0o755);
		process.env.PATH = `${this.#folder}${delimiter}${this.#path}`;
		this.#symbols = functionsOf(image);
	}

	/** What was executed since the last call, or since the beginning. */
	take(): FunctionProfile {
		const now = this.#read();
		const spent = [...now].map(([name, count]) => [name, count - (this.#before.get(name) ?? 0)] as const);
		this.#before = now;
		return spent.filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a);
	}

	/** Puts everything back. */
	close(): void {
		process.env.PATH = this.#path;
		rmSync(this.#folder, { recursive: true, force: true });
	}

	#read(): Map<string, number> {
		const bytes = readFileSync(this.#counts);
		const counts = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
		const sums = new Map<string, number>();
		let symbol = -1;
		counts.forEach((count, index) => {
			const at = CODE_BASE + index * 2;
			while ((this.#symbols[symbol + 1]?.at ?? Infinity) <= at) symbol++;
			if (count === 0n) return;
			const name = this.#symbols[symbol]?.name ?? "(no function)";
			sums.set(name, (sums.get(name) ?? 0) + Number(count));
		});
		return sums;
	}
}

/** The functions of an image by address. */
function functionsOf(image: string): Symbol[] {
	const listing = execFileSync("arm-none-eabi-nm", ["-n", "--defined-only", image], {
		encoding: "utf8",
		maxBuffer: 64 * 1024 * 1024,
	});
	return [...listing.matchAll(/^([0-9a-f]+) [tTwW] ([^$\s]\S*)$/gm)]
		.map(([, at = "", name = ""]) => ({ at: Number.parseInt(at, 16) & ~1, name }))
		.filter(({ at }) => at >= CODE_BASE && at < CODE_BASE + CODE_BYTES);
}
