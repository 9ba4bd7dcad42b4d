import { mcuImage } from "@bodycam/firmware/mps3-an547";
import type { EngineName } from "./engine-name.ts";
import type { Machine, MachineOptions } from "./machine.ts";
import { findEmulator } from "./mps3-an547/emulator.ts";
import { createMps3Machine, type Mps3Machine, requireImage } from "./mps3-an547/mps3-machine.ts";
import { createWasmMachine } from "./wasm-machine.ts";

/**
 * Makes a machine on an engine.
 * @param predecessor - one that is over; what it ran on may be used again
 */
export type MachineFactory = (options: MachineOptions, predecessor?: Machine) => Machine;

/**
 * What makes machines on an engine.
 * @throws EmulatorError when the engine's image is not built, or its emulator is not installed
 */
export function machineFactory(engine: EngineName): MachineFactory {
	if (engine === "wasm") return (options) => createWasmMachine(options);
	findEmulator();
	const image = requireImage(mcuImage());
	return (options, predecessor) => {
		const here = { ...options, image };
		return (predecessor as Partial<Mps3Machine> | undefined)?.succeed?.(here) ?? createMps3Machine(here);
	};
}
