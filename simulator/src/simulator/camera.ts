import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { Board } from "../board/board.ts";
import type { BoardEvents } from "../board/board-events.ts";
import type { VideoSource } from "../camera/video-source.ts";
import { type MachineFactory, machineFactory } from "../machine/create-machine.ts";
import type { EngineName } from "../machine/engine-name.ts";
import type { ClockSetting, WallReference } from "../peripherals/clock.ts";
import type { BoardRadio } from "../peripherals/radio.ts";
import type { BytePort } from "../ports/byte-port.ts";
import type { DatagramPort } from "../ports/datagram-port.ts";
import type { SoundLoop } from "../sound/sound-loop.ts";
import { type CameraState, hostWall } from "../state/camera-state.ts";
import { holdsImage, installImage, isAsInstalled } from "../storage/install-image.ts";

import type { World } from "../world/world.ts";
import { bluetoothAddress } from "./bluetooth-address.ts";
import { boardFirmware, type Firmware } from "./firmware.ts";

/** Bytes of a mebibyte. */
const MIB = 1024 * 1024;

/** The pre-record ring of a board, MiB. */
export const DEFAULT_ARENA_MIB = 32;

/** Key under which the firmware keeps what the organisation chose (CBOR map). */
const SETTINGS_KEY = "settings";

/** The air a camera shares with others of its world, and where it stands. */
export type CameraRadio = Omit<BoardRadio, "address">;

/** What a simulated camera is made of. */
export interface CameraOptions {
	/** The world it is in. */
	readonly world: World;
	/** Its name. */
	readonly name: string;
	/** Its firmware. */
	readonly firmware: Firmware;
	/** What it is pointed at. */
	readonly video: VideoSource;
	/** What it hears. */
	readonly sound: SoundLoop;
	/** What it keeps while it is off. */
	readonly state: CameraState;
	/** Seconds of pre-recording; the policy's own when undefined. */
	readonly preRecordSeconds?: number | undefined;
	/** Size of the pre-record ring, MiB. */
	readonly arenaMib?: number | undefined;
	/** `host` follows the host's clock across restarts; `world` counts virtual time. */
	readonly wall: "host" | "world";
	/** Sets the real-time clock before the first boot, ms since 1970 UTC. */
	readonly clockMs?: number | undefined;
	/** Without a card in the slot. */
	readonly withoutCard?: boolean | undefined;
	/** Where the serial ports lead. */
	readonly serialPorts?: readonly BytePort[];
	/** Where the datagram links lead. */
	readonly datagramPorts?: readonly DatagramPort[];
	/** The air it shares with others; without a radio unless told. */
	readonly radio?: CameraRadio | undefined;
	/** Who watches. */
	readonly events?: BoardEvents;
	/** What to do when the firmware dies. */
	readonly onCrash?: "reboot" | "throw";
	/** What runs its firmware; `wasm`. */
	readonly engine?: EngineName | undefined;
	/** Makes another machine than the engine's own. */
	readonly createMachine?: MachineFactory;
}

/**
 * Makes a camera: its firmware in the flash, its settings in the key-value store. It is off until `powerOn`.
 * @throws EmulatorError when its engine's image is not built
 */
export function createCamera(options: CameraOptions): Board {
	const { state, world, name, firmware } = options;
	const wall: WallReference =
		options.wall === "host" ? hostWall(state) : { now: () => world.now / 1000, save: () => undefined };
	const known = options.wall === "host" ? state.clockSetting : undefined;
	const clockSetting: ClockSetting | undefined =
		options.clockMs === undefined ? known : { wallMs: options.clockMs, referenceMs: wall.now() };
	state.values.set(SETTINGS_KEY, settings(name, options.preRecordSeconds));
	// What somebody has flashed is the camera's own; a camera as it was installed gets the firmware of today.
	const image = firmware.staged?.image;
	if (image !== undefined && isAsInstalled(state.flash) && !holdsImage(state.flash, image))
		installImage(state.flash, image);
	return new Board({
		world,
		firmware: boardFirmware(firmware),
		name,
		serialNumber: serialNumber(options),
		arenaBytes: (options.arenaMib ?? DEFAULT_ARENA_MIB) * MIB,
		mapStack: firmware.mapStack,
		video: options.video,
		sound: options.sound,
		card: options.withoutCard ? undefined : { store: state.card, readOnly: false },
		flash: state.flash,
		values: state.values,
		wall,
		clockSetting,
		serialPorts: options.serialPorts ?? [],
		datagramPorts: options.datagramPorts ?? [],
		radio: options.radio && { ...options.radio, address: bluetoothAddress(serialNumber(options)) },
		...(options.events && { events: options.events }),
		...(options.onCrash && { onCrash: options.onCrash }),
		createMachine: options.createMachine ?? machineFactory(options.engine ?? "wasm"),
	});
}

function settings(name: string, preRecordSeconds: number | undefined): Uint8Array {
	const preRecordMs = preRecordSeconds === undefined ? undefined : Math.round(preRecordSeconds * 1000);
	return encodeCbor({ name, preRecordMs });
}

/** The serial number of a camera; made and kept at the first call. */
export function serialNumber({
	state,
	world,
	name,
}: Pick<CameraOptions, "state" | "world" | "name">): string {
	if (state.serialNumber !== undefined) return state.serialNumber;
	const bytes = new Uint8Array(8);
	world.random.stream(`${name}/serial-number`).fill(bytes);
	const made = Buffer.from(bytes).toString("hex");
	state.saveSerialNumber(made);
	return made;
}
