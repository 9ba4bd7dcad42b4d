import type { BoardEvents } from "@bodycam/simulator/board/board-events";
import type { SimulatedCamera } from "@bodycam/simulator/simulator/start";
import { type Context, printResult } from "./command.ts";
import { formatClock } from "./format.ts";

/** A camera that was started, as machines are told. */
export interface StartedCamera {
	/** Its name. */
	readonly name: string;
	/** Its address over the network of this machine. */
	readonly udp: string;
	/** Its address on a serial port, if it has one. */
	readonly serial?: string;
	/** The age identity that decrypts its recordings: that of a throw-away agency, which protects nothing. */
	readonly identity?: string;
	/** The file it is in, where the camera keeps its state in one. */
	readonly identityFile?: string;
	/** Bluetooth adapters it is heard on, for `--hci`; none where it has no radio. */
	readonly hci?: readonly string[];
	/** Why its sound is not the file's own. */
	readonly soundNote?: string;
	/** Process that runs it. */
	readonly pid: number;
}

/** What there is to know about a camera that was started in this process. */
export function startedCamera(camera: SimulatedCamera): StartedCamera {
	const { name, agency, hci, identityFile, serial, soundNote, udp } = camera;
	return {
		name,
		udp: `udp:127.0.0.1:${udp}`,
		...(serial === undefined ? {} : { serial: `serial:${serial}` }),
		...(agency === undefined ? {} : { identity: agency.identities.daily }),
		...(identityFile === undefined ? {} : { identityFile }),
		...(hci.length === 0 ? {} : { hci }),
		...(soundNote === undefined ? {} : { soundNote }),
		pid: process.pid,
	};
}

/** Says that cameras run and how to reach them. */
export function printStarted(context: Context, cameras: readonly StartedCamera[]): void {
	const adapters = cameras[0]?.hci ?? [];
	printResult(context, { type: "started", cameras }, () => {
		const lines = cameras.map(({ name, hci, identity, identityFile = identity, serial, soundNote, udp }) => {
			const ble = hci === undefined ? undefined : `ble:${name}`;
			const addresses = [`sim:${name}`, udp, serial, ble]
				.filter((address) => address !== undefined)
				.join("  ");
			const note = soundNote === undefined ? "" : `\n  note: ${soundNote}`;
			const key =
				identityFile === undefined
					? ""
					: `\n  recordings: encrypted to a throw-away agency, decrypted with ${identityFile}`;
			return `${context.terminal.paint("green", name)} runs: ${addresses}${key}${note}`;
		});
		const bluetooth = adapters.map((port) => `Bluetooth adapter (HCI): ${port}`);
		if (bluetooth.length > 0)
			bluetooth.push(`  export BODYCAM_HCI=${adapters[0]}  # or --hci with each command`);
		return [...lines, ...bluetooth].join("\n");
	});
}

/** Shows what a camera's surroundings see of it: its log, display and restarts. */
export function watchBoard(context: Context, camera: string): BoardEvents {
	const say = (timeUs: number, type: string, facts: Record<string, unknown>, text: string): void => {
		const ms = Math.round(timeUs / 1000);
		printResult(context, { type, camera, monotonicMs: ms, ...facts }, () => {
			const [first = "", ...rest] = text.split("\n");
			const indented = rest.map((line) => `\n    ${line.trim()}`).join("");
			return `${context.terminal.paint("dim", formatClock(ms))}  ${camera}  ${first}${indented}`;
		});
	};
	/** A firmware that dies at every boot says the same each time: its stack is shown once. */
	let told = "";
	const once = (message: string): string => {
		const text = message === told ? `${message.split("\n")[0]} (the same as before)` : message;
		told = message;
		return text;
	};
	return {
		onLog: (level, text, time) =>
			say(time, "log", { level, text }, level === "info" ? text : `${level}: ${text}`),
		onDisplay: (text, time) => say(time, "display", { text }, `display: ${text === "" ? "(blank)" : text}`),
		onReset: ({ message, reason }, time) =>
			say(
				time,
				"reset",
				{ reason, message },
				`restarts (${reason})${message === "" ? "" : `: ${once(message)}`}`,
			),
		onFailed: (error) => say(0, "failed", { message: error.message }, `gives up: ${once(error.message)}`),
		onViolation: (message, time) => say(time, "violation", { message }, `misuses its board: ${message}`),
	};
}
