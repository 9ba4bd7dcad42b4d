import { mcuImage } from "@bodycam/firmware/mps3-an547";
import type { EngineName } from "./engine-name.ts";
import type { Machine, MachineOptions } from "./machine.ts";
import { findEmulator } from "./mps3-an547/emulator.ts";
import { createMps3Machine, requireImage } from "./mps3-an547/mps3-machine.ts";
import { createWasmMachine } from "./wasm-machine.ts";

/** Makes a machine on an engine. */
export type MachineFactory = (options: MachineOptions) => Machine;

/**
 * What makes machines on an engine.
 * @throws EmulatorError when the engine's image is not built, or its emulator is not installed
 */
export function machineFactory(engine: EngineName): MachineFactory {
	if (engine === "wasm") return createWasmMachine;
	findEmulator();
	const image = requireImage(mcuImage());
	return (options) => createMps3Machine({ ...options, image });
}
