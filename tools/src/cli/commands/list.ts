import { readdirSync } from "node:fs";
import { type CameraAdvertisement, decodeCameraAdvertisement } from "@bodycam/protocol/camera/advertisement";
import type { Command } from "commander";
import { BodycamError } from "../../errors.ts";
import {
	addCommand,
	type Context,
	handle,
	numberOption,
	printResult,
	type Runtime,
	toJson,
} from "../command.ts";
import { addHciOption, type DeviceOptions, hciPort } from "../device.ts";
import { describeFailure } from "../failure.ts";
import { listSimulators } from "../simulators.ts";
import { formatTable } from "../table.ts";

/** One place where a camera is, or may be. */
interface FoundDevice {
	readonly address: string;
	readonly what: string;
	/** Its Bluetooth address, or what macOS calls it; over Bluetooth only, also where `address` has its name. */
	readonly bleAddress?: string;
	/** Signal strength, dBm; over Bluetooth only. */
	readonly rssi?: number;
	/** Whether it takes a connection now; over Bluetooth only. */
	readonly connectable?: boolean;
}

interface ListFlags extends Pick<DeviceOptions, "hci"> {
	readonly ble?: boolean;
	readonly seconds: number;
}

/** `bodycam list`: addresses for `-d`. */
export function addListCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "list",
		summary: "list the cameras that are here",
		description:
			"Lists what can be given to -d: simulators that run on this machine, and serial ports. A serial port need not lead to a camera: `bodycam status -d serial:…` asks. With --ble, --hci or BODYCAM_HCI it also listens for cameras over Bluetooth and says how strongly they are heard: -50 dBm is beside you, -90 dBm is at the edge. Where Bluetooth fails the others are listed all the same, and standard error says why; with --ble that is a failure of the command.",
		examples: [
			["bodycam list --json | jq -r '.[].address'", "Only the addresses"],
			["bodycam list --ble --seconds 10", "Also cameras that are heard over Bluetooth, in ten seconds"],
		],
	})
		.option("--ble", "listen for cameras over Bluetooth too")
		.option(
			"--seconds <n>",
			"how long to listen",
			numberOption({ min: 0.1, max: 600, fraction: true, unit: "seconds" }),
			3,
		);
	handle<ListFlags>(addHciOption(command), runtime, async (context, flags) => {
		const heard = await findOverBluetooth(context, flags).catch(bluetoothFailure);
		const failure = heard instanceof BodycamError ? heard : undefined;
		const devices = [
			...(await findSimulators()),
			...(await findSerialPorts()),
			...(heard instanceof BodycamError ? [] : heard),
		];
		printResult(context, devices, () =>
			devices.length === 0
				? "no camera is here; `bodycam sim start` simulates one"
				: formatTable(
						["address", "what"],
						devices.map(({ address, what }) => [address, what]),
					),
		);
		if (failure !== undefined && flags.ble === true) throw failure;
		if (failure !== undefined) warn(context, failure);
	});
}

/** What is the matter with Bluetooth; anything else, as Ctrl-C, goes on being thrown. */
function bluetoothFailure(error: unknown): BodycamError {
	if (error instanceof BodycamError) return error;
	throw error;
}

/** Says that Bluetooth was left out: nobody may have asked for more than BODYCAM_HCI still does. */
function warn({ terminal, json }: Context, failure: BodycamError): void {
	if (json) {
		terminal.note(toJson({ warning: describeFailure(failure) }));
		return;
	}
	terminal.note(terminal.paintNote("yellow", `no cameras over Bluetooth: ${failure.message}`));
	for (const line of failure.hint?.split("\n") ?? []) terminal.note(`  ${line}`);
}

async function findOverBluetooth(context: Context, flags: ListFlags): Promise<FoundDevice[]> {
	const hci = hciPort(context, flags);
	if (flags.ble !== true && hci === undefined) return [];
	const { listenForCameras } = await import("../../transport/ble/discovery.ts");
	const cameras = await listenForCameras(flags.seconds * 1000, { hci, signal: context.signal });
	const names = cameras.map(({ name }) => name);
	return cameras.map(({ name, address, rssi, connectable, manufacturer }) => {
		// A name that two cameras have says nothing to -d.
		const isOnly = names.filter((other) => other === name).length === 1;
		const says = decodeCameraAdvertisement(manufacturer);
		const facts = [
			isOnly ? undefined : name,
			`${rssi} dBm`,
			...describeAdvertisement(says),
			connectable ? undefined : "takes no connection now",
		];
		return {
			address: `ble:${isOnly ? name : address}`,
			what: `over Bluetooth: ${facts.filter((fact) => fact !== undefined).join(", ")}`,
			bleAddress: address,
			name,
			rssi,
			connectable,
			...says,
		};
	});
}

/** What a camera says of itself before anybody connects: what its light shows anyway, and what a technician needs. */
function describeAdvertisement(says: CameraAdvertisement | undefined): string[] {
	if (says === undefined) return [];
	const { light, batteryPercent, charging, attention } = says;
	const battery = batteryPercent === undefined ? "battery unknown" : `battery ${batteryPercent} %`;
	return [
		light === "dark" ? "light dark" : `light shows ${light}`,
		charging ? `${battery}, charging` : battery,
		...(attention ? ["needs attention"] : []),
	];
}

async function findSimulators(): Promise<FoundDevice[]> {
	const running = await listSimulators();
	return running.map(({ name, serial }) => ({
		address: `sim:${name}`,
		what: `simulator${serial === undefined ? "" : `, also serial:${serial}`}`,
	}));
}

async function findSerialPorts(): Promise<FoundDevice[]> {
	const { SerialPort } = await import("serialport");
	try {
		const ports = await SerialPort.list();
		return ports.map(({ path, manufacturer, serialNumber }) => ({
			address: `serial:${path}`,
			what: ["serial port", manufacturer, serialNumber].filter((fact) => fact !== undefined).join(", "),
		}));
	} catch (error) {
		// Linux without udev, as in a container: the kernel's names are all there is to go by.
		if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
		const names = readdirSync("/dev").filter((name) => /^tty(ACM|USB)\d+$/.test(name));
		return names.map((name) => ({ address: `serial:/dev/${name}`, what: "serial port" }));
	}
}
