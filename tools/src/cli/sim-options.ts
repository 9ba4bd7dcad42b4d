import { ENGINES, type EngineName } from "@bodycam/simulator/machine/engine-name";
import type { SimulatorOptions } from "@bodycam/simulator/simulator/start";
import { type Command, Option } from "commander";
import { readPublicKey } from "../firmware/public-key.ts";
import { numberOption } from "./command.ts";
import { PRE_RECORD_MAX_S } from "./limits.ts";
import { passphraseSource } from "./passphrase.ts";

/** Options of the commands that start a simulator, as commander gives them. */
export interface SimulatorFlags {
	/** Name, or what the names of several begin with. */
	readonly name: string;
	/** How many cameras. */
	readonly count: number;
	/** Video file in front of them. */
	readonly camera?: string;
	/** WAV file to be heard, or `none`. */
	readonly microphone?: string;
	/** Directory that keeps card, flash and clock. */
	readonly state?: string;
	/** Whether each gets a serial port. */
	readonly serial?: boolean;
	/** Where to link the serial port. */
	readonly serialLink?: string;
	/** Speed of the serial port, bits a second. */
	readonly baud?: number;
	/** Whether they have Bluetooth radios. */
	readonly ble?: boolean;
	/** How many Bluetooth adapters this host has. */
	readonly hciPorts?: number;
	/** Where one more adapter listens on a Unix socket. */
	readonly hciSocket?: string;
	/** Where to log what goes over the HCI ports. */
	readonly snoop?: string;
	/** Files of keys whose firmware images it runs. */
	readonly firmwareKey?: readonly string[];
	/** UDP port; the first of several. */
	readonly udp?: number;
	/** Seconds of pre-recording. */
	readonly preRecord?: number;
	/** Seed of all randomness. */
	readonly seed?: number;
	/** Size of the pre-record ring, MiB. */
	readonly arena?: number;
	/** What runs the firmware. */
	readonly engine?: EngineName;
	/** Whether cameras that belong to no agency stay in factory state. */
	readonly factory?: boolean;
}

/**
 * Adds the options that say what is simulated.
 * @param defaults name it has unless told otherwise, and where its state is then, in words
 */
export function addSimulatorOptions(
	command: Command,
	defaults: { readonly name: string; readonly state: string },
): Command {
	return command
		.option("--name <name>", "name to find it by; of several, the beginning of their names", defaults.name)
		.option("--count <n>", "how many cameras, in one process", numberOption({ min: 1, max: 1000 }), 1)
		.option(
			"--camera <file>",
			"video in front of the camera: H.264 in MP4 or MOV, looped (default: a test clip)",
		)
		.option("--microphone <file>", "WAV file to be heard, or none (default: the sound of the video)")
		.option(
			"--state <directory>",
			`where card, flash and clock are kept across restarts (default: ${defaults.state})`,
		)
		.option("--serial", "give each camera a serial port (a pseudo-terminal)")
		.option("--serial-link <path>", "put a symbolic link to the serial port there; implies --serial")
		.option(
			"--baud <rate>",
			"speed of the serial port, as a real line has it; implies --serial (default: as fast as it goes)",
			numberOption({ min: 1200, max: 12_000_000, unit: "baud" }),
		)
		.option(
			"--ble",
			"give each camera a Bluetooth radio, and this machine an adapter on the same air (an HCI port)",
		)
		.option(
			"--hci-ports <n>",
			"how many adapters, for as many programs at a time; implies --ble (default: 1)",
			numberOption({ min: 1, max: 16 }),
		)
		.option("--hci-socket <path>", "one more adapter, on a Unix socket (HCI over H4); implies --ble")
		.option(
			"--snoop <file>",
			"log what goes over the HCI ports, as Wireshark reads it (btsnoop); of further adapters in FILE-2 and so on; implies --ble",
		)
		.option(
			"--firmware-key <file...>",
			"keys, public or private, whose firmware images it runs, besides the development key of this checkout",
		)
		.option(
			"--udp <port>",
			"UDP port on this machine (default: a free one)",
			numberOption({ min: 1, max: 65_535 }),
		)
		.option(
			"--pre-record <seconds>",
			`seconds kept before a trigger, up to ${PRE_RECORD_MAX_S}; 0 keeps none (default: the policy's)`,
			numberOption({ min: 0, max: PRE_RECORD_MAX_S, fraction: true, unit: "seconds" }),
		)
		.option(
			"--seed <number>",
			"seed of all randomness, for test material (default: the operating system's)",
			numberOption({ min: 0, max: Number.MAX_SAFE_INTEGER }),
		)
		.option(
			"--arena <mib>",
			"size of the pre-record ring (default: 32)",
			numberOption({ min: 1, max: 256, unit: "MiB" }),
		)
		.addOption(engineOption())
		.option(
			"--factory",
			"leave the camera in factory state, for `bodycam provision` (default: it gets a throw-away agency)",
		);
}

/** The option that says what runs the firmware. */
export function engineOption(): Option {
	return new Option(
		"--engine <engine>",
		"what runs the firmware: the engine in this process, or the Cortex-M55 image in QEMU (`npm run mcu:setup`) (default: wasm)",
	).choices(ENGINES);
}

/**
 * The public keys in the files that were named.
 * @throws {BodycamError} when one holds no key
 */
export function firmwareKeys({ firmwareKey = [] }: SimulatorFlags): Promise<Uint8Array[]> {
	const ask = passphraseSource(undefined);
	return Promise.all(firmwareKey.map((file) => readPublicKey(file, ask)));
}

function bluetoothOptions({ ble, hciPorts, hciSocket, snoop }: SimulatorFlags): SimulatorOptions["ble"] {
	const wanted = ble === true || [hciPorts, hciSocket, snoop].some((option) => option !== undefined);
	return wanted ? { ports: hciPorts, socket: hciSocket, snoop } : undefined;
}

/** What the simulator is told. */
export function simulatorOptions(flags: SimulatorFlags): SimulatorOptions {
	return {
		name: flags.name,
		count: flags.count,
		camera: flags.camera,
		microphone: flags.microphone,
		state: flags.state,
		serial: flags.serial === true || flags.baud !== undefined,
		baud: flags.baud,
		serialLink: flags.serialLink,
		ble: bluetoothOptions(flags),
		udp: flags.udp,
		preRecordSeconds: flags.preRecord,
		seed: flags.seed,
		arenaMib: flags.arena,
		engine: flags.engine,
		factory: flags.factory === true,
	};
}
