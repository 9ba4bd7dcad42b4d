/**
 * The crash record that the image leaves in memory which outlives a reset (layout: `board-link.ts`).
 */
import { crc32 } from "@bodycam/protocol/card/card-bytes";
import { type Death, reasonOf } from "../engine-status.ts";
import { Crash } from "./board-link.ts";

/** What the image died of. */
export interface CrashRecord {
	/** A status of `engine-status.ts`, or `Crash.EXCEPTION` + the number of the processor's exception. */
	readonly status: number;
	/** By the names of `REGISTERS`; zero where the machine died without a fault of the processor. */
	readonly registers: Readonly<Record<string, number>>;
	/** Hash of the image's inputs. */
	readonly buildId: string;
	/** What went wrong, in one line. */
	readonly message: string;
	/** Where: the engine's stack, lines of the bundle. */
	readonly stack: string;
}

const REGISTERS = [
	...Array.from({ length: 13 }, (_, index) => `r${index}`),
	"sp",
	"lr",
	"pc",
	"xpsr",
	"CFSR",
	"HFSR",
	"MMFAR",
	"BFAR",
] as const;

/** Reads a crash record; undefined when there is none, or a damaged one. */
export function decodeCrashRecord(bytes: Uint8Array): CrashRecord | undefined {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < Crash.BYTES || view.getUint32(Crash.MAGIC_AT, true) !== Crash.MAGIC) return undefined;
	if (view.getUint32(Crash.VERSION_AT, true) !== Crash.VERSION) return undefined;
	const rest = bytes.subarray(Crash.CRC + 4, Crash.BYTES);
	if (view.getUint32(Crash.CRC, true) !== crc32(rest)) return undefined;
	const registers = Object.fromEntries(
		REGISTERS.map((name, index) => [name, view.getUint32(Crash.REGISTERS + index * 4, true)]),
	);
	return {
		status: view.getUint32(Crash.STATUS, true),
		registers,
		buildId: text(bytes, Crash.BUILD_ID, Crash.BUILD_ID_BYTES),
		message: text(bytes, Crash.MESSAGE, Crash.MESSAGE_BYTES),
		stack: text(bytes, Crash.STACK, Crash.STACK_BYTES),
	};
}

/**
 * The end of a machine that left this record. A fault of the processor is an exception; its message says which. Where
 * the processor was, its registers and the image tell, in place of a stack of the engine.
 */
export function deathOf(record: CrashRecord): Death {
	const { status, message, stack } = record;
	const reason = status < Crash.EXCEPTION ? reasonOf(status) : "exception";
	return { state: "dead", reason, message, stack: stack === "" ? registersOf(record) : stack };
}

/** The registers and the build of the image, four registers a line; empty when the record has none. */
function registersOf({ registers, buildId }: CrashRecord): string {
	if (REGISTERS.every((name) => registers[name] === 0)) return "";
	const words = REGISTERS.map((name) => `${name} ${(registers[name] ?? 0).toString(16).padStart(8, "0")}`);
	const lines = words.flatMap((_, index) =>
		index % 4 === 0 ? [words.slice(index, index + 4).join(", ")] : [],
	);
	return [...lines, `image ${buildId}`].join("\n");
}

function text(bytes: Uint8Array, at: number, size: number): string {
	const field = bytes.subarray(at, at + size);
	const end = field.indexOf(0);
	return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}
