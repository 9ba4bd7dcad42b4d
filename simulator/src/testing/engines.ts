import { spawnSync } from "node:child_process";
import { mcuImage } from "@bodycam/firmware/mps3-an547";
import { type MachineFactory, machineFactory } from "../machine/create-machine.ts";
import { ENGINES, type EngineName } from "../machine/engine-name.ts";
import { EMULATOR } from "../machine/mps3-an547/emulator.ts";
import { type CutInRecord, createMps3Machine, requireImage } from "../machine/mps3-an547/mps3-machine.ts";

/** The environment variable that names the engine of the scenarios. */
const ENGINE_VARIABLE = "BODYCAM_ENGINE";

/** The engine on which tests boot cameras: what BODYCAM_ENGINE says, else `wasm`. @throws RangeError for an unknown one */
export function engineOfTests(): EngineName {
	const told = process.env[ENGINE_VARIABLE] ?? "wasm";
	const engine = ENGINES.find((name) => name === told);
	if (engine === undefined)
		throw new RangeError(`${ENGINE_VARIABLE} is ${told}, not ${ENGINES.join(" or ")}`);
	return engine;
}

/** What the engine of the tests needs of something that is longer, or more often, on another one. */
export function byEngine<Value>(values: Readonly<Record<EngineName, Value>>): Value {
	return values[engineOfTests()];
}

let missing: string | undefined;

/** What is missing to run the Cortex-M55 image here, for people; empty when nothing is. */
export function mcuMissing(): string {
	missing ??= lookForMcu();
	return missing;
}

/**
 * Whether tests on the Cortex-M55 image can run here. In CI they must: there they run, and fail for what is missing.
 * Elsewhere what is missing is printed, once for each test file.
 */
export function mcuAvailable(): boolean {
	if (process.env.CI !== undefined || mcuMissing() === "") return true;
	process.stderr.write(`not run: tests on mps3-an547, because ${mcuMissing()}\n`);
	return false;
}

/** What makes machines on an engine, the first of them one whose power is cut in the middle of a record. */
export function machinesWithCut(engine: EngineName, cut: CutInRecord | undefined): MachineFactory {
	if (cut === undefined) return machineFactory(engine);
	if (engine !== "mps3-an547") throw new RangeError("the power can be cut in a record of mps3-an547 only");
	const image = requireImage(mcuImage());
	let next: CutInRecord | undefined = cut;
	return (options) => {
		if (options.bootStage === true) return createMps3Machine({ ...options, image });
		const machine = createMps3Machine({ ...options, image, cut: next });
		next = undefined;
		return machine;
	};
}

function lookForMcu(): string {
	const emulator = spawnSync(EMULATOR, ["--version"], { stdio: "ignore" });
	if (emulator.status !== 0) return `${EMULATOR} is not installed (npm run mcu:setup)`;
	return mcuImage() === undefined ? "its image is not built (npm run mcu:build)" : "";
}
