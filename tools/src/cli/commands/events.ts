import type { Command } from "commander";
import { type HistoryItem, readCameraHistory, readHistory } from "../../operations/event-log/history.ts";
import { openLogFile } from "../../operations/event-log/log-file.ts";
import { followEvents } from "../../operations/events.ts";
import {
	addCommand,
	addGroup,
	type Context,
	handle,
	numberOption,
	printResult,
	type Runtime,
} from "../command.ts";
import { describeEvent, describePastEvent } from "../describe-event.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { createEventFilter, type EventFilter } from "../event-filter.ts";
import { parseBoot, parseTypes } from "../event-options.ts";
import { formatBytes, formatCounted } from "../format.ts";
import { logFileOf } from "../log-source.ts";
import { parseTime } from "../parse-time.ts";
import { addEventsExportCommand } from "./events-export.ts";
import { addEventsVerifyCommand } from "./events-verify.ts";

interface EventsOptions extends DeviceOptions {
	readonly follow?: boolean;
	readonly after?: number;
	readonly past?: boolean;
	readonly type?: readonly string[];
	readonly since?: number;
	readonly until?: number;
	readonly recording?: number;
	readonly boot?: number;
}

/** `bodycam events …`: what happened in a camera. */
export function addEventsCommand(program: Command, runtime: Runtime): void {
	const group = addGroup(program, "events", "show, verify and export what happened in a camera");
	addShow(group, runtime);
	addEventsVerifyCommand(group, runtime);
	addEventsExportCommand(group, runtime);
}

function addShow(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "show",
		isDefault: true,
		summary: "show what happened in a camera; this is what `events` does by itself",
		description:
			"Shows the events since the camera's last start, the oldest first: power, arming, buttons, triggers, announcements, recordings, faults. With --past, or a filter that reaches back, also those in the event log on its card; -d may then be a card, its image or an exported log as well. Times are hours, minutes and seconds since power-on, or the time of day where the camera's clock was set. With --json one event a line.",
		examples: [
			["bodycam events -d sim:cam1 --follow", "Go on with what happens from now on, until Ctrl-C"],
			[
				"bodycam events -d sim:cam1 --past --type trigger,fault",
				"Every trigger and fault since the card was new",
			],
			[
				"bodycam events -d card.img --recording 3 --json",
				"What belongs to one recording, from the image of a card",
			],
			["bodycam events -d sim:cam1 --json | jq -c 'select(.type == \"trigger\")'", "Only the triggers"],
		],
	})
		.option("-f, --follow", "go on with events to come, until Ctrl-C")
		.option(
			"--after <sequence>",
			"only events after this sequence number, of those since the last start",
			numberOption({ min: 0, max: 2 ** 53 }),
		)
		.option("--past", "also the events in the log on the card, from before the last start too")
		.option("--type <types>", "only events of these types, separated by commas", parseTypes)
		.option(
			"--since <time>",
			"only events from then on, in ISO 8601 with its zone; implies --past",
			parseTime,
		)
		.option("--until <time>", "only events until then; implies --past", parseTime)
		.option(
			"--recording <number>",
			"only what names this recording; implies --past",
			numberOption({ min: 1, max: 2 ** 32 - 1 }),
		)
		.option(
			"--boot <boot>",
			"only events of this boot, as eight hexadecimal digits; implies --past",
			parseBoot,
		);
	handle<EventsOptions>(addDeviceOptions(command), runtime, async (context, options) => {
		const { past, since, until, recording, boot, follow = false } = options;
		const file = logFileOf(context, options);
		const reachesBack = [since, until, recording, boot].some((value) => value !== undefined);
		if (file !== undefined) {
			const log = await openLogFile(file);
			try {
				await showPast(context, readHistory(log.source), options);
			} finally {
				await log.close();
			}
		} else
			await withDevice(context, options, async (client) => {
				if (past !== true && !reachesBack) {
					const { after = 0 } = options;
					const filter = createEventFilter(options);
					for await (const item of followEvents(client, { follow, after, signal: context.signal })) {
						if (item.type !== "event") printGap(context, item, "events");
						else if (filter.accepts(item.event))
							printResult(context, item.event, () => describeEvent(item.event));
					}
				} else
					await showPast(context, readCameraHistory(client, { follow, signal: context.signal }), options);
			});
	});
}

async function showPast(
	context: Context,
	items: AsyncIterable<HistoryItem>,
	options: EventsOptions,
): Promise<void> {
	const filter = createEventFilter(options);
	let shown: number | undefined;
	for await (const item of items) {
		context.signal.throwIfAborted();
		if (item.type === "damage")
			printResult(context, item, () =>
				context.terminal.paint("yellow", `… ${formatBytes(item.bytes)} of the log cannot be read`),
			);
		else if (item.type !== "entry") printGap(context, item, "events");
		else if (filter.accepts(item.event ?? item.base, item.boot)) {
			const { base, event, boot, entry } = item;
			if (boot !== shown && !context.json) context.terminal.out(`boot ${formatBoot(boot)}`);
			shown = boot;
			printResult(context, { ...(event ?? base), boot: formatBoot(boot), entry }, () =>
				describePastEvent(base, event),
			);
		}
	}
	noteUndated(context, filter);
}

function noteUndated(context: Context, filter: EventFilter): void {
	if (filter.undated > 0)
		context.terminal.note(
			`left out: ${formatCounted(filter.undated, "event")} without a time of day, as the clock was not set`,
		);
}

/** A boot as people and options name it. */
function formatBoot(boot: number): string {
	return boot.toString(16).padStart(8, "0");
}

/** Says that a stream has a gap: what the camera no longer keeps, or a restart. */
export function printGap(
	context: Context,
	gap: { readonly type: "lost"; readonly count: number } | { readonly type: "restarted" },
	what: string,
): void {
	printResult(context, gap, () =>
		gap.type === "lost"
			? context.terminal.paint("yellow", `… ${gap.count} older ${what} are no longer kept`)
			: context.terminal.paint("yellow", "… the camera restarted"),
	);
}
