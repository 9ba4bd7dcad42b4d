/**
 * The wasm engine as a library: the module (compiled once a process), fresh instances, and the compiler from
 * JavaScript to the bytecode artefact that every engine of this project loads.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { hostFunctions } from "./host-functions.ts";

/** Bytes of a wasm page. */
const PAGE_BYTES = 65_536;
/** What the engine needs besides heap and media: C stack, static data, tables. */
const ENGINE_BYTES = 2 * 1024 * 1024;
/** What the parser needs: a part that does not depend on the source, and bytes per byte of source. */
const PARSER_BYTES = 16 * 1024 * 1024;
const PARSER_BYTES_PER_BYTE = 64;
/** The most memory the module allows, in bytes. */
const MEMORY_LIMIT = 512 * 1024 * 1024;

/** The functions of one instance, as `runtime/wasm/exports.c` declares them; addresses and sizes in bytes. */
export interface EngineExports {
	_initialize(): void;
	bc_open(
		heapBytes: number,
		mediaBytes: number,
		stackSlots: number,
		keys: number,
		meterLimit: number,
		seedLow: number,
		seedHigh: number,
	): number;
	bc_allocate(size: number): number;
	bc_load(address: number, size: number): number;
	bc_deliver(): number;
	bc_collect(): number;
	bc_compile(source: number, length: number, path: number): number;
	bc_compiled_size(): number;
	bc_media_address(): number;
	bc_inbound(): number;
	bc_outbound(): number;
	bc_set_epoch(us: number): void;
	bc_counter(which: number): number;
	bc_status(): number;
	bc_fault_message(): number;
	bc_fault_stack(): number;
}

/** One instance of the engine with its own memory, which never grows and so never detaches. */
export interface EngineInstance {
	readonly exports: EngineExports;
	readonly memory: WebAssembly.Memory;
}

/** A script that is not JavaScript. */
export class CompileError extends Error {
	override readonly name = "CompileError";
}

/** The engine's file. */
export function engineFile(): string {
	const manifest = createRequire(import.meta.url).resolve("@bodycam/firmware/package.json");
	return join(dirname(manifest), "runtime", "xs-wasm", "xs.wasm");
}

let compiled: WebAssembly.Module | undefined;

/** The engine's module, compiled at the first call. */
export function engineModule(): WebAssembly.Module {
	compiled ??= new WebAssembly.Module(readFileSync(engineFile()));
	return compiled;
}

/**
 * A fresh instance with room for `extraBytes` besides the engine's own.
 * @throws RangeError when that is more than the engine can address.
 */
export function instantiateEngine(extraBytes: number): EngineInstance {
	const total = ENGINE_BYTES + extraBytes;
	if (total > MEMORY_LIMIT)
		throw new RangeError(
			`The engine cannot hold ${extraBytes} bytes; the limit is ${MEMORY_LIMIT - ENGINE_BYTES}`,
		);
	const pages = Math.ceil(total / PAGE_BYTES);
	const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
	let upperHalf = 0;
	const unavailable = () => 8; // EBADF: there are no files
	const instance = new WebAssembly.Instance(engineModule(), {
		env: {
			memory,
			emscripten_notify_memory_growth: () => {},
			getTempRet0: () => upperHalf,
			setTempRet0: (value: number) => {
				upperHalf = value;
			},
			...hostFunctions(memory),
		},
		wasi_snapshot_preview1: { fd_close: unavailable, fd_write: unavailable, fd_seek: unavailable },
	});
	const exports = instance.exports as unknown as EngineExports;
	exports._initialize();
	return { exports, memory };
}

/** Copies bytes into an instance; the address. @throws RangeError when it has no room. */
export function placeBytes(engine: EngineInstance, bytes: Uint8Array): number {
	const address = engine.exports.bc_allocate(Math.max(1, bytes.length));
	if (address === 0) throw new RangeError(`The engine has no room for ${bytes.length} bytes`);
	new Uint8Array(engine.memory.buffer, address, bytes.length).set(bytes);
	return address;
}

/** The NUL-terminated UTF-8 text at an address. */
export function textAt(engine: EngineInstance, address: number): string {
	const bytes = new Uint8Array(engine.memory.buffer, address);
	return new TextDecoder().decode(bytes.subarray(0, bytes.indexOf(0)));
}

/**
 * Compiles a script to an artefact. The same source and path always give the same bytes.
 * @param path the name that error stacks show.
 * @throws CompileError when the source is not JavaScript; the message names path and line.
 */
export function compileArtefact(source: string, path: string): Uint8Array {
	const bytes = new TextEncoder().encode(source);
	const engine = instantiateEngine(PARSER_BYTES + bytes.length * PARSER_BYTES_PER_BYTE);
	const name = placeBytes(engine, new TextEncoder().encode(`${path}\0`));
	const at = engine.exports.bc_compile(placeBytes(engine, bytes), bytes.length, name);
	if (at === 0) throw new CompileError(textAt(engine, engine.exports.bc_fault_message()));
	return new Uint8Array(engine.memory.buffer, at, engine.exports.bc_compiled_size()).slice();
}
