/**
 * What each module adds to the firmware. The bundle is compiled and loaded once more with probes between its modules:
 * texts that are found again in the bytecode, and records that tell how much of the heap is taken.
 */
import { compileArtefact } from "./engine.ts";
import { loadArtefact, openEngine } from "./load.ts";
import { BUNDLE_NAME } from "./stack.ts";

/** What one module takes. */
export interface ModuleSize {
	/** Relative to the repository. */
	readonly path: string;
	/** Bytes of JavaScript in the bundle. */
	readonly sourceBytes: number;
	/** Bytes of bytecode. */
	readonly bytecodeBytes: number;
	/** Bytes of the heap that evaluating it took. */
	readonly heapBytes: number;
}

/** A comment of the bundler in front of a module. */
const MODULE_COMMENT = /^ {2}\/\/ (\S+)$/gm;

/** Units of probe records begin here, so that every probe is the same number of bytes. */
const FIRST_UNIT = 0x1000;
/** Record kind of a probe; the board has none like it. */
const PROBE_KIND = 0x7fff;

/** Layout of a record queue and its records (`runtime/common/engine.h`). */
const QUEUE = { head: 4, records: 16, recordBytes: 40, unitAt: 2, argumentsAt: 16 } as const;

/**
 * Garbage is collected when the slots run out, and what it frees would count against the module that is evaluated just
 * then. So the bundle is loaded several times, each time with more objects in front, and the median of each step taken.
 */
const LOADS = 7;
const PADDING_STEP = 1100;

/** Objects as many as media memory begins with. */
const PADDING =
	"globalThis.bcPadding=[];for(let n=globalThis.native.load32(0);n>0;n--)globalThis.bcPadding.push({});\n";

interface Segment {
	readonly path: string;
	readonly text: string;
}

/**
 * Measures every module of a bundle.
 * @param source - the bundle @param inputs - the paths of its modules
 */
export function measureModules(source: string, inputs: readonly string[]): ModuleSize[] {
	const { opening, segments, ending } = takeApart(source, inputs);
	// Two probes at the end: what lies between them is what a probe itself takes.
	const body = segments.map(({ text }, index) => probe(index) + text).join("");
	const probed = `${PADDING}${opening}${body}${probe(segments.length)}${probe(segments.length + 1)}${ending}`;
	const artefact = compileArtefact(probed, BUNDLE_NAME);
	const count = segments.length + 2;
	const inline = between(artefact, count, "i");
	const hoisted = between(artefact, count, "f");
	const loads = Array.from({ length: LOADS }, (_, load) => heapSteps(artefact, count, load * PADDING_STEP));
	return byPath(
		segments.map(({ path, text }, index) => ({
			path,
			sourceBytes: Buffer.byteLength(text),
			bytecodeBytes: (inline[index] ?? 0) + (hoisted[index] ?? 0),
			heapBytes: Math.max(0, median(loads.map((steps) => steps[index] ?? 0))),
		})),
	);
}

/** The bundler may lay a module out in two places. */
function byPath(sizes: readonly ModuleSize[]): ModuleSize[] {
	const merged = new Map<string, ModuleSize>();
	for (const size of sizes) {
		const before = merged.get(size.path);
		merged.set(size.path, before === undefined ? size : addSizes(size.path, before, size));
	}
	return [...merged.values()];
}

/** What two take together. */
export function addSizes(path: string, a: ModuleSize, b: ModuleSize): ModuleSize {
	return {
		path,
		sourceBytes: a.sourceBytes + b.sourceBytes,
		bytecodeBytes: a.bytecodeBytes + b.bytecodeBytes,
		heapBytes: a.heapBytes + b.heapBytes,
	};
}

function takeApart(source: string, inputs: readonly string[]) {
	const known = new Set(inputs);
	const starts = [...source.matchAll(MODULE_COMMENT)].filter(([, path = ""]) => known.has(path));
	const end = source.lastIndexOf("})();");
	const segments: Segment[] = starts.map((match, index) => ({
		path: match[1] ?? "",
		text: source.slice(match.index, starts[index + 1]?.index ?? end),
	}));
	return { opening: source.slice(0, starts[0]?.index ?? end), segments, ending: source.slice(end) };
}

/**
 * Code that can be found again: hoisted functions are compiled in front of everything else of a scope, in their
 * order, so each probe has one of them and one statement.
 */
function probe(index: number): string {
	const unit = FIRST_UNIT + index;
	return `\n"${mark("i", index)}";globalThis.native.post(${PROBE_KIND},${unit},globalThis.native.heap());function bcProbe${unit}(){return"${mark("f", index)}"}\n`;
}

function mark(kind: "i" | "f", index: number): string {
	return `@probe-${kind}-${FIRST_UNIT + index}@`;
}

/** Bytes from each mark to the next, without those of a probe. */
function between(artefact: Uint8Array, count: number, kind: "i" | "f"): number[] {
	const bytes = Buffer.from(artefact.buffer, artefact.byteOffset, artefact.byteLength);
	const places = Array.from({ length: count }, (_, index) => bytes.indexOf(mark(kind, index)));
	const steps = places.slice(1).map((place, index) => place - (places[index] ?? 0));
	const own = steps.pop() ?? 0;
	return steps.map((step) => step - own);
}

function heapSteps(artefact: Uint8Array, count: number, padding: number): number[] {
	const engine = openEngine(artefact.length);
	new DataView(engine.memory.buffer, engine.exports.bc_media_address()).setUint32(0, padding, true);
	loadArtefact(engine, artefact);
	const queue = new DataView(engine.memory.buffer, engine.exports.bc_outbound());
	const taken: number[] = [];
	for (let index = 0; index < Math.min(count, queue.getUint32(QUEUE.head, true)); index++) {
		const record = QUEUE.records + index * QUEUE.recordBytes;
		const unit = queue.getUint16(record + QUEUE.unitAt, true);
		taken[unit - FIRST_UNIT] = queue.getUint32(record + QUEUE.argumentsAt, true);
	}
	const steps = taken.slice(1).map((bytes, index) => bytes - (taken[index] ?? 0));
	const own = steps.pop() ?? 0;
	return steps.map((step) => step - own);
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
