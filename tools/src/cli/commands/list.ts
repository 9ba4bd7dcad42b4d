import { readdirSync } from "node:fs";
import type { Command } from "commander";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { listSimulators } from "../simulators.ts";
import { formatTable } from "../table.ts";

/** One place where a camera is, or may be. */
interface FoundDevice {
	readonly address: string;
	readonly what: string;
}

/** `bodycam list`: addresses for `-d`. */
export function addListCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "list",
		summary: "list the cameras that are here",
		description:
			"Lists what can be given to -d: simulators that run on this machine, and serial ports. A serial port need not lead to a camera: `bodycam status -d serial:…` asks.",
		examples: [["bodycam list --json | jq -r '.[].address'", "Only the addresses"]],
	});
	handle(command, runtime, async (context) => {
		const devices = [...(await findSimulators()), ...(await findSerialPorts())];
		printResult(context, devices, () =>
			devices.length === 0
				? "no camera is here; `bodycam sim start` simulates one"
				: formatTable(
						["address", "what"],
						devices.map(({ address, what }) => [address, what]),
					),
		);
	});
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
