import type { ActivateEvent } from "../operations/firmware/activate.ts";
import type { FlashEvent } from "../operations/firmware/flash.ts";
import { type Context, toJson } from "./command.ts";
import { formatBytes, formatDuration, formatRate } from "./format.ts";
import { createProgress } from "./progress.ts";

/** Shows flashing as it goes: progress with rate and time left, then each step. */
export function flashView(context: Context): (event: FlashEvent | ActivateEvent) => void {
	const { terminal } = context;
	if (context.json) return (event) => terminal.out(toJson(event));
	const progress = createProgress(terminal, "image");
	let begun = 0;
	let resumed = 0;
	return (event) => {
		switch (event.type) {
			case "checked":
				begun = performance.now();
				terminal.note(runningText(event));
				break;
			case "present":
				terminal.out(`the image is in slot ${event.slot} already`);
				break;
			case "runs":
				terminal.out(`the image runs already${event.confirmed ? "" : ", not confirmed"}`);
				if (!event.confirmed) terminal.status("self-test …");
				break;
			case "begun":
				resumed = event.resumedAt;
				if (event.resumedAt > 0) terminal.note(`${formatBytes(event.resumedAt)} are there already`);
				break;
			case "sent":
				progress.update({ done: event.bytes, total: event.total, rate: event.rate });
				if (event.bytes === event.total) {
					progress.close();
					terminal.out(sentText(event.total - resumed, performance.now() - begun));
				}
				break;
			case "verified":
				terminal.out(`slot ${event.slot}: verified`);
				break;
			case "marked":
				break;
			case "resetting":
				terminal.status("restarting …");
				break;
			case "running":
				terminal.status("");
				terminal.out(`${event.firmware.active?.version ?? "it"} runs, after ${formatDuration(event.ms)}`);
				terminal.status("self-test …");
				break;
			case "confirmed":
				terminal.status("");
				terminal.out(terminal.paint("green", "confirmed"));
				break;
		}
	};
}

function runningText({ firmware }: Extract<FlashEvent, { type: "checked" }>): string {
	const { active } = firmware;
	return active === undefined
		? "the camera runs no firmware: its boot stage answers"
		: `the camera runs ${active.version} from slot ${active.slot}`;
}

function sentText(bytes: number, ms: number): string {
	return `sent ${formatBytes(bytes)} in ${formatDuration(ms)} (${formatRate((bytes * 1000) / Math.max(1, ms))})`;
}
