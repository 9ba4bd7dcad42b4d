import type { MachineFactory } from "../machine/create-machine.ts";
import type { World } from "../world/world.ts";
import type { BoardEvents } from "./board-events.ts";
import type { BoardFirmware } from "./board-firmware.ts";
import type { BoardParts } from "./parts.ts";

/** What a board is made of. */
export interface BoardOptions extends BoardParts {
	/** The world it is in. */
	readonly world: World;
	/** Name of the camera. */
	readonly name: string;
	/** Serial number, hexadecimal. */
	readonly serialNumber: string;
	/** Bytes of the pre-record ring. */
	readonly arenaBytes: number;
	/** What runs on it. */
	readonly firmware: BoardFirmware;
	/** Who watches it. */
	readonly events?: BoardEvents;
	/** `reboot` as a device does, or `throw` out of the world's clock, for tests and demonstrations. */
	readonly onCrash?: "reboot" | "throw";
	/** Maps the engine's stacks to sources. */
	readonly mapStack?: (stack: string, build: string) => string;
	/** Makes the machines that run the firmware; on the wasm engine by default. */
	readonly createMachine?: MachineFactory;
}
