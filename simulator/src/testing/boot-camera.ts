import { parseIdentity } from "@bodycam/protocol/age/keys";
import { type CameraEvent, eventsRead } from "@bodycam/protocol/camera/events";
import {
	READ_MAX,
	type RecordingMetadata,
	type RecordingPart,
	type RecordingSummary,
	recordingsInfo,
	recordingsList,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import { type Status, statusRead } from "@bodycam/protocol/camera/status";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import type { ResponseOf } from "@bodycam/protocol/smp/command";
import { type OpenedAgeFile, openAgeFile } from "@bodycam/protocol/testing/open-age-file";
import type { ThrowawayAgency } from "../agency/throwaway-agency.ts";
import type { Board } from "../board/board.ts";
import type { BoardReset } from "../board/board-events.ts";
import type { VideoSource } from "../camera/video-source.ts";
import type { Press } from "../control/gestures.ts";
import type { MachineFactory } from "../machine/create-machine.ts";
import type { EngineName } from "../machine/engine-name.ts";
import type { MachineCounters } from "../machine/machine.ts";
import type { CutInRecord } from "../machine/mps3-an547/mps3-machine.ts";
import type { HapticPulse } from "../peripherals/haptic.ts";
import type { PlayedPrompt } from "../peripherals/speaker.ts";
import type { LogLevel } from "../peripherals/system.ts";
import { MemoryBytePort, MemoryDatagramPort } from "../ports/memory-ports.ts";
import { SmpLink } from "../ports/smp-link.ts";
import { selfProvision } from "../provisioning/self-provision.ts";
import { VirtualRadio } from "../radio/air/radio.ts";
import { defaultClip } from "../root.ts";
import { loadScene } from "../scene/load-scene.ts";
import { createCamera, serialNumber } from "../simulator/camera.ts";
import { type Firmware, projectFirmware } from "../simulator/firmware.ts";
import { press } from "../simulator/presses.ts";
import { type CameraState, memoryState, openState } from "../state/camera-state.ts";
import type { BlockStore } from "../storage/block-store.ts";
import type { CutMode } from "../storage/write-cache.ts";
import { createRandomness } from "../world/random.ts";
import { World } from "../world/world.ts";
import { BleClient, type BleClientOptions } from "./ble-client.ts";
import { engineOfTests, machinesWithCut } from "./engines.ts";

/** What to boot; everything has a default. */
export interface BootCameraOptions {
	/** Seed of all randomness; 1. */
	readonly seed?: number;
	/** What the camera is pointed at: a file, or a source; the project's clip. */
	readonly camera?: string | VideoSource;
	/** A WAV file to be heard, or `none`; the clip's sound. */
	readonly microphone?: string;
	/** Seconds of pre-recording; the policy's. */
	readonly preRecordSeconds?: number;
	/** Pre-record ring, MiB; 32. */
	readonly arenaMib?: number;
	/** Speed of the serial port, bits a second; 921,600. */
	readonly baud?: number;
	/** Size of the card in bytes, or `none`; 8 GiB. */
	readonly card?: number | "none";
	/** State directory, or a state in memory to boot with again; a fresh one in memory. */
	readonly state?: string | CameraState;
	/**
	 * Leaves a camera that belongs to no agency in factory state; otherwise it gets a throw-away agency first. The
	 * project's firmware is provisioned unless this is true, another one is not.
	 */
	readonly factory?: boolean;
	/** The rules of its policy; the `demo` profile's. */
	readonly policy?: PolicyProfile;
	/** Real-time clock, ms since 1970 UTC; unset. */
	readonly clockMs?: number;
	/** Gives it a Bluetooth radio, on an air of its own; false. */
	readonly ble?: boolean;
	/** Name; `cam1`. */
	readonly name?: string;
	/** A firmware; the project's, built. */
	readonly firmware?: Firmware;
	/** What to do when the firmware dies or misuses its board; `throw` out of `advance`. */
	readonly onCrash?: "reboot" | "throw";
	/** What runs it; what the environment variable BODYCAM_ENGINE says, else `wasm`. */
	readonly engine?: EngineName;
	/** Cuts the power in the middle of a record of the first boot; needs the engine `mps3-an547`. */
	readonly cut?: CutInRecord;
	/** Makes another machine than the engine's own. */
	readonly createMachine?: MachineFactory;
}

/** A line the firmware has logged. */
export interface LoggedLine {
	/** Board time, µs. */
	readonly time: number;
	/** Its importance. */
	readonly level: LogLevel;
	/** Its text. */
	readonly text: string;
}

type RecordingsPage = ResponseOf<typeof recordingsList>;

/** A camera in virtual time, booted with the real firmware on the real engine. */
export class BootedCamera {
	/** The world: time moves only through `advance` and what builds on it. */
	readonly world: World;
	/** The board with its peripherals. */
	readonly board: Board;
	/** What the camera keeps while it is off; give it to another `bootCamera` to boot with it again. */
	readonly state: CameraState;
	/** The throw-away agency the camera belongs to; undefined in factory state. */
	readonly agency: ThrowawayAgency | undefined;
	/** Asks the camera over a datagram link. */
	readonly client: SmpLink;
	/** The other end of the serial port. */
	readonly serial: MemoryBytePort;
	/** The air its Bluetooth radio is on; undefined without one. */
	readonly air: VirtualRadio | undefined;
	/** What the firmware logged. */
	readonly log: LoggedLine[] = [];
	/** Resets of the engine. */
	readonly resets: BoardReset[] = [];
	/** Rules of peripherals that the firmware broke, when it is not to throw. */
	readonly violations: string[] = [];
	/** What the wearer felt. */
	readonly haptics: HapticPulse[] = [];

	/** Use `bootCamera`. */
	constructor(
		options: BootCameraOptions,
		state: CameraState,
		firmware: Firmware,
		scene: { readonly video: VideoSource; readonly sound: Parameters<typeof createCamera>[0]["sound"] },
		world: World,
		agency: ThrowawayAgency | undefined,
	) {
		this.world = world;
		this.agency = agency;
		this.state = state;
		const later = (delay: number, action: () => void): void => {
			this.world.schedule(delay, action);
		};
		const datagrams = new MemoryDatagramPort(later);
		this.air = options.ble === true ? new VirtualRadio(world) : undefined;
		this.serial = new MemoryBytePort(later, options.baud);
		this.client = new SmpLink(
			datagrams,
			(ms) => this.advance(ms),
			() => this.settle(),
		);
		this.board = createCamera({
			...scene,
			world: this.world,
			name: options.name ?? "cam1",
			firmware,
			state,
			preRecordSeconds: options.preRecordSeconds,
			arenaMib: options.arenaMib,
			wall: "world",
			clockMs: options.clockMs,
			withoutCard: options.card === "none",
			serialPorts: [this.serial],
			datagramPorts: [datagrams],
			radio: this.air && { radio: this.air },
			onCrash: options.onCrash ?? "throw",
			events: {
				onLog: (level, text, time) => this.log.push({ level, text, time }),
				onReset: (reset) => this.resets.push(reset),
				onViolation: (message) => this.violations.push(message),
				onHaptic: (pulse) => this.haptics.push(pulse),
			},
			createMachine: options.createMachine ?? machinesWithCut(options.engine ?? engineOfTests(), options.cut),
		});
	}

	/** Time since power-on, ms. */
	get now(): number {
		return this.board.now / 1000;
	}

	/** The card's sectors. */
	get card(): BlockStore {
		return this.state.card;
	}

	/** What the speaker played. */
	get speakerLog(): readonly PlayedPrompt[] {
		return this.board.peripherals.speaker.log;
	}

	/** What the engine counted. */
	get counters(): MachineCounters {
		return this.board.counters;
	}

	/** Connects a client over Bluetooth. @throws Error without a radio, or where nobody advertises */
	connectBle(options: BleClientOptions = {}): BleClient {
		const { station } = this.board.peripherals.radio;
		if (this.air === undefined || station === undefined) throw new Error("the camera has no radio");
		const client = new BleClient(this.air, (ms) => this.advance(ms), options);
		client.connect(station.address);
		return client;
	}

	/** Lets the boot stage do its work, if it runs: the time until the application listens, at most a second. */
	settle(): void {
		for (let waited = 0; this.board.inBootStage && waited < 1000; waited++) this.advance(1);
	}

	/** Lets so many milliseconds pass. */
	advance(ms: number): void {
		this.world.advanceTo(this.world.now + Math.round(ms * 1000));
	}

	/**
	 * Lets time pass until the condition holds, looking every 10 ms.
	 * @throws Error when it does not hold within `limitMs`
	 */
	advanceUntil(condition: () => boolean, limitMs: number, what = "the condition"): void {
		for (let waited = 0; !condition(); waited += 10) {
			if (waited >= limitMs) throw new Error(`${what} was not met within ${limitMs} ms`);
			this.advance(10);
		}
	}

	/** Makes a gesture on the buttons and waits until they are released. */
	press(gesture: Press, bounce = false): void {
		this.advance(press(this.board, gesture, bounce));
	}

	/** Sends one raw edge of a button. */
	edge(pressed: boolean, button: "event" | "function" = "event"): void {
		this.board.peripherals.buttons.edge(button, pressed);
	}

	/** The camera's status. */
	status(): Status {
		return this.client.request(statusRead, {}).status;
	}

	/** The camera's events, from the oldest kept on. */
	events(): CameraEvent[] {
		const events: CameraEvent[] = [];
		for (let after = 0; ; ) {
			const answer = this.client.request(eventsRead, { after });
			events.push(...answer.events);
			if (answer.events.length === 0) return events;
			after = answer.next;
		}
	}

	/** The list of recordings. */
	recordings(): RecordingSummary[] {
		const recordings: RecordingSummary[] = [];
		for (let from: number | undefined = 1; from !== undefined; ) {
			const answer: RecordingsPage = this.client.request(recordingsList, { from });
			recordings.push(...answer.recordings);
			from = answer.next;
		}
		return recordings;
	}

	/** The metadata of a recording. */
	recording(number: number): RecordingMetadata {
		return this.client.request(recordingsInfo, { number }).recording;
	}

	/** A recording as it was before it was encrypted, an MP4: pulled over the link and decrypted by its agency. */
	pull(number: number): Uint8Array {
		return this.decrypt(this.pullPart(number, "age")).plaintext;
	}

	/** The age file of a recording, decrypted by the camera's agency, and whether it is whole. */
	decrypt(age: Uint8Array): OpenedAgeFile {
		if (this.agency === undefined) throw new Error("nobody can decrypt the recordings of this camera");
		return openAgeFile(age, parseIdentity(this.agency.identities.daily));
	}

	/** The bytes of one of the two files of a recording, over the link. */
	pullPart(number: number, part: RecordingPart): Uint8Array {
		const parts: Uint8Array[] = [];
		for (let off = 0; ; ) {
			const answer = this.client.request(recordingsRead, { number, part, off, len: READ_MAX });
			if (answer.data.length === 0) return new Uint8Array(Buffer.concat(parts));
			parts.push(answer.data);
			off += answer.data.length;
		}
	}

	/** Live heap bytes of the engine after a collection. */
	heap(): number {
		return this.board.collect();
	}

	/** Takes the power away and gives it back after `offMs`. @param mode - what unflushed card writes suffer */
	powerCut(mode: CutMode = "lose", offMs = 1000): void {
		this.board.powerOff(mode);
		this.advance(offMs);
		this.board.powerOn("powerCut");
	}

	/** Switches off; a state directory is given back. Idempotent. */
	close(): void {
		this.board.close();
		this.state.close();
	}
}

/**
 * Boots a camera for a test, in virtual time and from a seed. Close it in the end if it has a state directory.
 * @throws CameraFileError, StateError
 */
export async function bootCamera(options: BootCameraOptions = {}): Promise<BootedCamera> {
	const firmware = options.firmware ?? (await projectFirmware());
	const { camera = defaultClip(), microphone } = options;
	const file = typeof camera === "string" ? camera : defaultClip();
	const loaded = await loadScene(file, microphone);
	const cardBytes = typeof options.card === "number" ? options.card : undefined;
	const state =
		typeof options.state === "string"
			? openState(options.state, cardBytes)
			: (options.state ?? memoryState(cardBytes));
	const video = typeof camera === "string" ? loaded.video : camera;
	const scene = { video, sound: loaded.sound };
	const { name = "cam1", seed = 1, policy } = options;
	const world = new World(createRandomness(seed));
	const factory = options.factory ?? options.firmware !== undefined;
	const { artefact } = firmware;
	const serial = serialNumber({ state, world, name });
	const agency = factory
		? undefined
		: await selfProvision({ name, serialNumber: serial, artefact, seed, state, ...scene, policy });
	const booted = new BootedCamera(options, state, firmware, scene, world, agency);
	booted.board.powerOn(state.interrupted ? "powerCut" : "powerOn");
	return booted;
}
