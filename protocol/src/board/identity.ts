import type { EngineAbi } from "../image/vendor.ts";

/** Name of the board that the simulator and the Cortex-M55 image are: which images are for. */
export const BOARD_NAME = "sim-1";

/** Version of the global `native` and of the board records (`firmware/runtime/common/artefact.h`). */
export const BOARD_ABI = 1;

const ENGINE_TEXT = /(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** The engine that a boot block names, e.g. `xs-wasm 13.3.0`; undefined when it names none. */
export function engineOf(text: string): EngineAbi | undefined {
	const match = ENGINE_TEXT.exec(text);
	if (match === null) return undefined;
	return { abi: BOARD_ABI, engine: [Number(match[1]), Number(match[2]), Number(match[3])] };
}
