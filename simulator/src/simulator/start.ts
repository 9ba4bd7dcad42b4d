import { unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { dailyIdentityPath } from "../agency/agency-files.ts";
import type { ThrowawayAgency } from "../agency/throwaway-agency.ts";
import type { Board } from "../board/board.ts";
import type { BoardEvents } from "../board/board-events.ts";
import type { CameraReport, ControlRequest } from "../control/messages.ts";
import { claimName, type NameClaim } from "../control/registry.ts";
import { runDirectory } from "../control/run-directory.ts";
import { ControlServer } from "../control/server.ts";
import type { EngineName } from "../machine/engine-name.ts";
import type { BytePort } from "../ports/byte-port.ts";
import { PacedPort } from "../ports/paced-port.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { UdpPort } from "../ports/udp-port.ts";
import { selfProvision } from "../provisioning/self-provision.ts";
import { defaultClip } from "../root.ts";
import { type LoadedScene, loadScene } from "../scene/load-scene.ts";
import { SimulatorError } from "../simulator-error.ts";
import { type CameraState, memoryState, openState } from "../state/camera-state.ts";
import { installImage } from "../storage/install-image.ts";
import { Pacer } from "../world/pacer.ts";
import { createRandomness } from "../world/random.ts";
import { World } from "../world/world.ts";
import { Bluetooth, type BluetoothOptions } from "./bluetooth.ts";
import { createCamera, serialNumber } from "./camera.ts";
import { CameraControl } from "./camera-control.ts";
import { boardFirmware, type Firmware, projectFirmware } from "./firmware.ts";
import { type CameraNames, cameraNames } from "./names.ts";

/** What to simulate; everything has a default. */
export interface SimulatorOptions {
	/** Name of the camera; of several, what their names begin with. `sim` by default. */
	readonly name?: string | undefined;
	/** How many cameras; 1. */
	readonly count?: number | undefined;
	/** Video file in front of the cameras; the project's clip. */
	readonly camera?: string | undefined;
	/** WAV file to be heard, or `none`; the video's sound. */
	readonly microphone?: string | undefined;
	/** Directory that keeps card, flash and clock; in memory without it. Of several cameras each has its own in it. */
	readonly state?: string | undefined;
	/** Whether to give each camera a serial port (PTY). */
	readonly serial?: boolean | undefined;
	/** Where to put a symbolic link to the serial port; implies `serial`. */
	readonly serialLink?: string | undefined;
	/** Speed of the serial port, bits a second; as fast as this host can without it. */
	readonly baud?: number | undefined;
	/** Gives the cameras Bluetooth radios, and this host adapters on the same air; none without it. */
	readonly ble?: BluetoothOptions | undefined;
	/** UDP port for SMP, the next ones for further cameras; 0 or undefined takes free ones. */
	readonly udp?: number | undefined;
	/** The rules of the throw-away agency's policy; the `demo` profile's. */
	readonly policy?: PolicyProfile | undefined;
	/** Seconds of pre-recording; the policy's. */
	readonly preRecordSeconds?: number | undefined;
	/** Seed of all randomness; the operating system's entropy without it. */
	readonly seed?: number | undefined;
	/** What runs the firmware; `wasm`. */
	readonly engine?: EngineName | undefined;
	/** Pre-record ring, MiB; 32. */
	readonly arenaMib?: number | undefined;
	/** Sets the real-time clocks before the first boot, ms since 1970 UTC. */
	readonly clockMs?: number | undefined;
	/**
	 * Leaves cameras that belong to no agency in factory state, instead of giving each a throw-away agency. False,
	 * but true where another firmware is given.
	 */
	readonly factory?: boolean | undefined;
	/** Size of a new card, bytes; 8 GiB. */
	readonly cardBytes?: number | undefined;
	/** `wall` runs at the wall clock's pace; `manual` leaves time to `world.advanceTo`. */
	readonly pace?: "wall" | "manual" | undefined;
	/** Whether others can find and control it by name; true. */
	readonly register?: boolean | undefined;
	/** What to do when a firmware dies; `reboot`. `throw` ends the simulator. */
	readonly onCrash?: "reboot" | "throw" | undefined;
	/** Who watches; called for each camera with its name. */
	readonly events?: ((camera: string) => BoardEvents) | undefined;
	/** Public keys whose firmware images the cameras run, besides the development key; not where `firmware` is given. */
	readonly firmwareKeys?: readonly Uint8Array[] | undefined;
	/** A firmware other than the project's. */
	readonly firmware?: Firmware | undefined;
}

/** A camera of a running simulator. */
export interface SimulatedCamera {
	/** Its name. */
	readonly name: string;
	/** Its board. */
	readonly board: Board;
	/** What people can do to it. */
	readonly control: CameraControl;
	/** Path of its serial port. */
	readonly serial: string | undefined;
	/** UDP port on this host. */
	readonly udp: number;
	/** Bluetooth adapters it is heard on, as paths of HCI ports; none where it has no radio. */
	readonly hci: readonly string[];
	/** The throw-away agency it belongs to; undefined when it belongs to none or another. */
	readonly agency: ThrowawayAgency | undefined;
	/** The file with which the public command `age` decrypts its recordings; undefined when it is in memory only. */
	readonly identityFile: string | undefined;
	/** Why its sound is not the file's own. */
	readonly soundNote: string | undefined;
	/** How it is. */
	report(): CameraReport;
}

/** A running simulator. */
export interface RunningSimulator {
	/** Its cameras. */
	readonly cameras: readonly SimulatedCamera[];
	/** The world they are in. */
	readonly world: World;
	/** Settles when the simulator has ended: fulfilled after `stop`, rejected when it failed. */
	readonly ended: Promise<void>;
	/** Puts another firmware into all cameras and restarts them. */
	reload(firmware: Firmware): void;
	/** Switches all cameras off and leaves nothing open. Idempotent. */
	stop(): Promise<void>;
}

/**
 * Starts cameras in this process.
 * @throws SimulatorError and its kinds: a file, a name, a port or a state directory cannot be used
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<RunningSimulator> {
	const names = cameraNames(options.name ?? "sim", options.count ?? 1);
	const cleanups: (() => void)[] = [];
	try {
		const simulator = new Simulator(cleanups);
		await simulator.start(options, names);
		return simulator;
	} catch (error) {
		for (const clean of cleanups.reverse()) clean();
		throw error;
	}
}

class Simulator implements RunningSimulator {
	readonly cameras: SimulatedCamera[] = [];
	world = new World(createRandomness());
	readonly ended: Promise<void>;
	readonly #cleanups: (() => void)[];
	#end: () => void = () => undefined;
	#fail: (error: unknown) => void = () => undefined;
	#firmware: Firmware | undefined;
	#bluetooth: Bluetooth | undefined;
	#stopped = false;
	#failed = 0;

	constructor(cleanups: (() => void)[]) {
		this.#cleanups = cleanups;
		this.ended = new Promise((resolve, reject) => {
			this.#end = resolve;
			this.#fail = reject;
		});
		this.ended.catch(() => undefined);
	}

	async start(options: SimulatorOptions, names: readonly CameraNames[]): Promise<void> {
		this.world = new World(createRandomness(options.seed));
		const claims = options.register === false ? [] : names.map(({ name }) => this.#claim(name));
		const scene = await loadScene(options.camera ?? defaultClip(), options.microphone);
		const firmware = options.firmware ?? (await projectFirmware(options.firmwareKeys));
		this.#firmware = firmware;
		if (options.ble !== undefined) await this.#openBluetooth(options.ble, options.seed !== undefined);
		for (const cameraName of names) await this.#addCamera(options, cameraName, scene, firmware);
		const control = options.register === false ? undefined : await this.#openControl(names[0]?.name ?? "");
		if (options.pace !== "manual") this.#pace();
		names.forEach(({ state }, index) => {
			const camera = this.cameras[index];
			if (!camera || control === undefined) return;
			claims[index]?.publish({
				name: camera.name,
				pid: process.pid,
				control,
				...(camera.serial !== undefined && { serial: camera.serial }),
				udp: camera.udp,
				...(camera.hci.length > 0 && { hci: camera.hci }),
				...(options.state !== undefined && { state: join(options.state, state) }),
				...(options.seed !== undefined && { seed: options.seed }),
				startedAt: Date.now(),
			});
		});
	}

	reload(firmware: Firmware): void {
		this.#firmware = firmware;
		this.world.inject(() => {
			for (const { board } of this.cameras) {
				if (firmware.staged !== undefined) installImage(board.flash, firmware.staged.image);
				board.program(boardFirmware(firmware));
				if (board.powered) board.reset();
				else board.powerOn();
			}
		});
	}

	async stop(): Promise<void> {
		this.#shutDown();
		this.#end();
		await this.ended.catch(() => undefined);
	}

	#pace(): void {
		const pacer = new Pacer(this.world, (error) => {
			this.#shutDown();
			this.#fail(error);
		});
		this.#cleanups.push(() => pacer.stop());
	}

	/** One dead camera among others is its own affair; without a living one there is nothing left to simulate. */
	#cameraFailed(error: Error): void {
		this.#failed += 1;
		if (this.#failed < this.cameras.length) return;
		setImmediate(() => {
			this.#shutDown();
			this.#fail(error);
		});
	}

	#shutDown(): void {
		if (this.#stopped) return;
		this.#stopped = true;
		for (const clean of this.#cleanups.reverse()) clean();
	}

	#claim(name: string): NameClaim {
		const claim = claimName(name);
		this.#cleanups.push(() => claim.release());
		return claim;
	}

	async #openBluetooth(options: BluetoothOptions, seeded: boolean): Promise<void> {
		const bluetooth = await Bluetooth.open(this.world, options, seeded);
		this.#bluetooth = bluetooth;
		this.#cleanups.push(() => bluetooth.close());
	}

	async #addCamera(
		options: SimulatorOptions,
		names: CameraNames,
		scene: LoadedScene,
		firmware: Firmware,
	): Promise<void> {
		const { name } = names;
		const state = this.#openState(options, names);
		const wantsSerial = options.serial === true || options.serialLink !== undefined;
		const serial = wantsSerial
			? new PtyPort(options.serialLink && options.serialLink + names.suffix)
			: undefined;
		if (serial) this.#cleanups.push(() => serial.close());
		const udp = await UdpPort.open(options.udp ? options.udp + names.index : 0);
		this.#cleanups.push(() => udp.close());
		const events = options.events?.(name) ?? {};
		const agency = await this.#provision(options, name, state, scene, firmware.artefact);
		const board = createCamera({
			world: this.world,
			name,
			firmware: { ...firmware, mapStack: (stack, build) => this.#firmware?.mapStack(stack, build) ?? stack },
			video: scene.video,
			sound: scene.sound,
			state,
			preRecordSeconds: options.preRecordSeconds,
			arenaMib: options.arenaMib,
			engine: options.engine,
			clockMs: options.clockMs,
			wall: options.pace === "manual" || options.seed !== undefined ? "world" : "host",
			serialPorts: serial ? [this.#paced(serial, options.baud)] : [],
			datagramPorts: [udp],
			radio: this.#bluetooth && { radio: this.#bluetooth.radio, position: METRES_APART },
			onCrash: options.onCrash ?? "reboot",
			events: {
				...events,
				onReset: (reset, time) => {
					control.resets += 1;
					events.onReset?.(reset, time);
				},
				onFailed: (error) => {
					events.onFailed?.(error);
					this.#cameraFailed(error);
				},
			},
		});
		const facts = {
			agency,
			serial: serial?.path,
			udp: udp.port,
			hci: this.#bluetooth?.ports ?? [],
			bluetooth: this.#bluetooth,
			soundNote: scene.soundNote,
		};
		const control = new CameraControl(this.world, board, facts);
		this.#cleanups.push(() => board.close());
		const { agencyDirectory } = state;
		const identityFile =
			agency === undefined || agencyDirectory === undefined ? undefined : dailyIdentityPath(agencyDirectory);
		const report = () => control.report();
		const { bluetooth: _, ...told } = facts;
		this.cameras.push({ name, board, control, ...told, identityFile, report });
		board.powerOn(state.interrupted ? "powerCut" : "powerOn");
	}

	#paced(port: BytePort, baud: number | undefined): BytePort {
		if (baud === undefined) return port;
		const later = (delay: number, action: () => void): void => void this.world.schedule(delay, action);
		return new PacedPort(port, { later, inject: (action) => this.world.inject(action) }, baud);
	}

	/** A simulated camera comes with an agency, as one that is handed out does. */
	async #provision(
		{ firmware, factory = firmware !== undefined, seed, policy }: SimulatorOptions,
		name: string,
		state: CameraState,
		{ video, sound }: LoadedScene,
		artefact: Uint8Array,
	): Promise<ThrowawayAgency | undefined> {
		if (factory) return undefined;
		const serial = serialNumber({ state, world: this.world, name });
		return selfProvision({ name, serialNumber: serial, artefact, seed, state, video, sound, policy });
	}

	#openState(options: SimulatorOptions, { state }: CameraNames): CameraState {
		const opened =
			options.state === undefined
				? memoryState(options.cardBytes)
				: openState(join(options.state, state), options.cardBytes);
		this.#cleanups.push(() => opened.close());
		return opened;
	}

	async #openControl(name: string): Promise<string> {
		const path = controlPath(name);
		try {
			unlinkSync(path);
		} catch {
			// No simulator of that name has died without removing it.
		}
		const server = await ControlServer.open(path, (request) => this.#handle(request));
		this.#cleanups.push(() => server.close());
		return path;
	}

	async #handle(request: ControlRequest): Promise<unknown> {
		if (request.command === "stop") {
			// The answer goes out first.
			setImmediate(() => void this.stop());
			return undefined;
		}
		const camera = this.cameras.find(({ name }) => name === request.camera);
		if (!camera) throw new SimulatorError(`there is no camera ${request.camera} here`, undefined, 3);
		return camera.control.perform(request);
	}
}

/** How far from the adapters a camera is unless told otherwise. */
const METRES_APART = 1;

/** Longest path of a Unix socket on Linux and macOS, without its end. */
const SOCKET_PATH = 103;

function controlPath(name: string): string {
	const path = join(runDirectory(), `${name}.sock`);
	return path.length <= SOCKET_PATH ? path : join(tmpdir(), `bodycam-${process.pid}-${name}.sock`);
}
