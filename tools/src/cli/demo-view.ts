import type { CameraEvent } from "@bodycam/protocol/camera/events";
import type { HandOverEvent } from "../operations/demo/hand-over.ts";
import type { DemoReport } from "../operations/demo/report.ts";
import type { DemoEvent } from "../operations/demo.ts";
import { eventText } from "./describe-event.ts";
import { formatBytes, formatClock, formatCount, formatDuration, formatRate } from "./format.ts";
import { createProgress, type ProgressView } from "./progress.ts";
import { formatFacts } from "./table.ts";
import type { Style, Terminal } from "./terminal.ts";

const SCENES = {
	filling: "the ring fills",
	recording: "recording",
	finishing: "the recording is closed",
} as const;

/** What the timeline shows of the camera's events, and how. */
const SHOWN: Partial<Record<CameraEvent["type"], Style>> = {
	booted: "dim",
	armed: "cyan",
	button: "dim",
	trigger: "bold",
	"announcement-started": "yellow",
	"announcement-skipped": "yellow",
	"recording-paused": "cyan",
	"recording-resumed": "cyan",
	"announcement-ended": "yellow",
	"recording-drained": "dim",
	"recording-stopped": "bold",
	"recording-closed": "green",
	fault: "red",
	"frames-lost": "red",
};

type DemoPaths = Extract<HandOverEvent, { type: "done" }>["files"];

/** Bytes a second over the whole of a pull. */
export function pulledRate({
	transferred,
	elapsedMs,
}: Extract<Extract<HandOverEvent, { type: "pull" }>["event"], { type: "done" }>): number {
	return elapsedMs > 0 ? (transferred * 1000) / elapsedMs : 0;
}

/** Shows a demonstration as it goes: progress, then the timeline, then what came of it. */
export function demoView(terminal: Terminal): (event: DemoEvent) => void {
	let progress: ProgressView | undefined;
	let port = "";
	let rate = 0;
	return (event) => {
		switch (event.type) {
			case "started":
				port = event.port;
				terminal.out(terminal.paint("bold", "A camera in a simulator, its firmware on the real engine"));
				if (event.soundNote !== undefined) terminal.out(`note: ${event.soundNote}`);
				break;
			case "simulated":
				terminal.status(`${SCENES[event.scene]} … ${formatClock(event.doneMs)} of camera time`);
				break;
			case "timeline":
				terminal.status("");
				terminal.out(`\n${timeline(terminal, event.events, event.triggerMs)}\n`);
				break;
			case "pull":
				progress ??= createProgress(terminal, "fetching");
				// The custody record is short: a bar would only flash.
				if (event.event.type === "progress" && event.event.part === "age")
					progress.update({ done: event.event.bytes, total: event.event.total, rate: event.event.rate });
				if (event.event.type === "done") {
					rate = pulledRate(event.event);
					progress.close();
				}
				break;
			case "done":
				terminal.out(summary(event.report, port, rate));
				terminal.out(`\n${files(terminal, event.files)}`);
				break;
		}
	};
}

function files(terminal: Terminal, { age, record, recording, identity, report }: DemoPaths): string {
	return [
		[recording, "plays in any player"],
		[age, "the same as it left the camera, encrypted"],
		[record, "what the camera has signed about it"],
		[identity, "decrypts it: a throw-away key, `age -d -i` takes it"],
		[report, "what is known about it"],
	]
		.map(([path = "", what]) => `${terminal.paint("green", path)}  ${what}`)
		.join("\n");
}

function timeline(terminal: Terminal, events: readonly CameraEvent[], triggerMs: number): string {
	const shown = events.filter((event) => SHOWN[event.type] !== undefined);
	return shown
		.map((event) => {
			const style = SHOWN[event.type] ?? "dim";
			const name = terminal.paint(style, event.type.replaceAll("-", " ").padEnd(21));
			return `${fromTrigger(event.monotonicMs - triggerMs)}  ${name}  ${eventText(event)}`;
		})
		.join("\n");
}

/** Seconds before or after the trigger, aligned: `  -29.600 s`. */
function fromTrigger(ms: number): string {
	return `${ms < 0 ? "−" : "+"}${(Math.abs(ms) / 1000).toFixed(3)} s`.padStart(11);
}

function summary(report: DemoReport, port: string, rate: number): string {
	const { engine, preRecord, trigger, video, audio } = report;
	return formatFacts([
		["policy", report.startsBecause],
		["first frame", `${fromTrigger(video.firstMs - trigger.monotonicMs).trim()} from the trigger`],
		["last frame", `${fromTrigger(video.lastMs - trigger.monotonicMs).trim()}`],
		[
			"pre-recorded",
			`${formatDuration(preRecord.deliveredMs)} of ${formatDuration(preRecord.configuredMs)}, sound ${formatDuration(preRecord.audioMs)} (${preRecord.reason})`,
		],
		[
			"picture",
			`${video.width}×${video.height}, ${formatCount(trigger.framesBefore)} frames before the trigger, ${formatCount(trigger.framesAfter)} after`,
		],
		["sound", audio === undefined ? "none" : `${formatCount(audio.packets)} packets`],
		[
			"fetched",
			`${formatBytes(report.bytes)} over ${port} at ${formatRate(rate)}, SHA-256, signatures and chain verified`,
		],
		[
			"engine",
			`${engine.name}: ${formatCount(engine.instructions)} instructions, heap at most ${formatBytes(engine.heapPeakBytes)}`,
		],
		["seed", report.seed === null ? undefined : `${report.seed}: this is test material`],
	]);
}
