import { readFileSync } from "node:fs";
import type { EngineAbi } from "@bodycam/protocol/image/vendor";
import type { Command } from "commander";
import { readStatus } from "../../client/camera.ts";
import { readFirmware } from "../../client/firmware.ts";
import { BodycamError } from "../../errors.ts";
import { checkBluetooth, checkHci, checkNoble } from "../../operations/doctor/bluetooth.ts";
import { type CameraFacts, checkCamera } from "../../operations/doctor/cameras.ts";
import type { Finding, Severity } from "../../operations/doctor/finding.ts";
import { thisHost } from "../../operations/doctor/host.ts";
import { checkNode, checkSerial } from "../../operations/doctor/machine.ts";
import { checkToolchains } from "../../operations/doctor/toolchains.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, hciPort, withDevice } from "../device.ts";
import { describeFailure } from "../failure.ts";
import { listSimulators } from "../simulators.ts";

/** Something on this computer, or a camera, will not work as it is. */
class UnhealthyError extends BodycamError {
	override readonly name = "UnhealthyError";
	override readonly code = "unhealthy";
}

/** `bodycam doctor`. */
export function addDoctorCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "doctor",
		summary: "look for what does not work on this computer, and say what to do",
		description:
			"Looks at Node, the permissions of serial ports, the Bluetooth adapter and what it needs, the toolchains, the simulators that run, and whether they, and the camera named with -d, fit these tools. Ends with exit code 1 when something will not work.",
		examples: [["bodycam doctor -d serial:/dev/ttyACM0", "Also: does this camera fit these tools?"]],
	});
	handle<DeviceOptions>(addDeviceOptions(command), runtime, async (context, options) => {
		const findings = await examine(context, options);
		printResult(context, findings, () => describeFindings(context, findings));
		const problems = findings.filter(({ severity }) => severity === "problem").length;
		if (problems > 0)
			throw new UnhealthyError(problems === 1 ? "there is a problem" : `there are ${problems} problems`);
	});
}

async function examine(context: Context, options: DeviceOptions): Promise<Finding[]> {
	const found = await attempt("simulators", listSimulators);
	const simulators = (found.value ?? []).map(({ name, pid }) => ({ address: `sim:${name}`, pid }));
	const named = options.device ?? context.env.BODYCAM_DEVICE;
	const addresses = simulators.map(({ address }) => address);
	if (named !== undefined && named !== "" && !addresses.includes(named)) addresses.push(named);
	const { value: engine, finding: unbuilt } = await attempt("firmware", engineHere);
	const ask = (device: string): Promise<CameraFacts> =>
		withDevice(context, { ...options, device }, async (client) => ({
			status: await readStatus(client, { signal: context.signal }),
			firmware: await readFirmware(client, { signal: context.signal }),
		}));
	const hci = hciPort(context, options);
	const running = simulators.map(({ address, pid }) => `${address} (process ${pid})`).join(", ");
	return [
		checkNode(thisHost),
		checkSerial(thisHost),
		checkBluetooth(thisHost),
		await checkNoble(() => import("@stoprocent/noble")),
		...(hci === undefined ? [] : [await checkHci(hci)]),
		...(await checkToolchains(thisHost)),
		...(unbuilt === undefined ? [] : [unbuilt]),
		found.finding ?? {
			subject: "simulators",
			severity: running === "" ? "note" : "ok",
			text: running || "none is running",
		},
		...(await Promise.all(addresses.map((address) => checkCamera(address, () => ask(address), engine)))),
	];
}

/** What the examination needs to know, or the problem that keeps it from knowing: the rest is examined all the same. */
async function attempt<T>(
	subject: string,
	work: () => Promise<T>,
): Promise<{ readonly value?: T; readonly finding?: Finding }> {
	try {
		return { value: await work() };
	} catch (error) {
		const { message, hint, stack } = describeFailure(error);
		if (stack !== undefined) throw error;
		const [text = "", ...more] = message.split("\n");
		const advice = [...more.map((line) => line.trim()), ...(hint === undefined ? [] : [hint])].join("\n");
		return { finding: { subject, severity: "problem", text, ...(advice === "" ? {} : { advice }) } };
	}
}

/** What firmware is built for here; undefined while none has been built. */
async function engineHere(): Promise<EngineAbi | undefined> {
	const [{ readArtefactHeader }, { artefactFile }] = await Promise.all([
		import("@bodycam/firmware/artefact"),
		import("@bodycam/firmware/build").then(({ buildFirmware }) => buildFirmware()),
	]);
	return readArtefactHeader(new Uint8Array(readFileSync(artefactFile)));
}

const MARKS: Readonly<Record<Severity, readonly [text: string, colour: "green" | "dim" | "red"]>> = {
	ok: ["ok", "green"],
	note: ["--", "dim"],
	problem: ["!!", "red"],
};

function describeFindings({ terminal }: Context, findings: readonly Finding[]): string {
	const width = Math.max(...findings.map(({ subject }) => subject.length));
	return findings
		.map(({ subject, severity, text, advice }) => {
			const [mark, colour] = MARKS[severity];
			const more = severity === "ok" ? [] : (advice?.split("\n") ?? []);
			const indent = " ".repeat(width + 6);
			return [
				`${terminal.paint(colour, mark)}  ${subject.padEnd(width)}  ${text}`,
				...more.map((line) => indent + line),
			].join("\n");
		})
		.join("\n");
}
