import type { Status } from "@bodycam/protocol/camera/status";
import { describeDemand } from "./describe-demand.ts";
import { describePolicyStatus } from "./describe-policy.ts";
import { describeWearer } from "./describe-wearer.ts";
import { formatBytes, formatDuration, formatMoment } from "./format.ts";
import { formatFacts } from "./table.ts";

/** A camera's status for people, one fact a line. */
export function describeStatus(status: Status): string {
	return formatFacts([
		["camera", `${status.device.name} (serial number ${status.device.serial}, ${status.device.board})`],
		["firmware", `${status.device.build.slice(0, 12)} on ${status.device.engine}`],
		["state", captureText(status)],
		["pre-recording", preRecordText(status)],
		["announcement", status.announcement.languages.join(", ") || "not spoken"],
		["recordings", recordingsText(status)],
		["owed", owedText(status)],
		["card", cardText(status.card)],
		["battery", batteryText(status.battery)],
		["clock", clockText(status.clock)],
		["wearer", status.wearer && describeWearer(status.wearer)],
		["policy", describePolicyStatus(status.policy)],
		["access", accessText(status.provisioning)],
		["up for", `${formatDuration(status.uptimeMs)}, since ${status.bootReason}`],
		["faults", status.faults.length === 0 ? "none" : status.faults.join(", ")],
		[
			"heap",
			status.heap && `${formatBytes(status.heap.liveBytes)}, at most ${formatBytes(status.heap.peakBytes)}`,
		],
		["randomness", status.device.seeded ? "from a seed: everything here is test material" : undefined],
	]);
}

function captureText({ capture }: Status): string {
	const { durationMs, recording, state } = capture;
	const words = state === "fault" ? "out of order (see faults)" : state;
	if (recording === undefined) return words;
	if (state === "recording") {
		return `recording ${recording}${durationMs === undefined ? "" : ` for ${formatDuration(durationMs)}`}`;
	}
	const begun = durationMs === undefined ? "" : ` began ${formatDuration(durationMs)} ago`;
	return state === "finishing"
		? `finishing: recording ${recording}${begun}`
		: `${words}, recording ${recording}${begun}`;
}

function preRecordText({ preRecord }: Status): string {
	if (preRecord.limit === "off") return "off";
	const held = `${formatDuration(preRecord.configuredMs)} configured, ${formatDuration(preRecord.heldMs)} held now`;
	if (preRecord.limit === "arena") return `${held}; ${arenaText(preRecord.capacityMs)}`;
	if (preRecord.limit === "lower-bit-rate") return `${held}; the bit rate was lowered to make it fit`;
	return held;
}

/** The ring keeps a reserve of 3 s besides: what is held, and what a trigger delivers, can be that much more. */
function arenaText(capacityMs: number): string {
	return capacityMs === 0
		? "memory is too small for any to be sure at this bit rate"
		: `memory is sure to hold ${formatDuration(capacityMs)} at this bit rate, up to 3 s more by chance`;
}

function recordingsText({ recordings }: Status): string {
	if (recordings.count === 0) return "none";
	return `${recordings.count}${recordings.last === undefined ? "" : `, the last is number ${recordings.last}`}`;
}

/** What the wearer still has to answer, as `bodycam recordings answer` does. */
function owedText({ demands = [] }: Status): string | undefined {
	if (demands.length === 0) return undefined;
	return demands
		.map(({ recording, what }) => `${describeDemand(what)} for recording ${recording}`)
		.join(", ");
}

function cardText(card: Status["card"]): string {
	if (card.state === "missing") return "missing";
	const minutes = card.freeMinutes === undefined ? "" : `, about ${card.freeMinutes} minutes of recording`;
	return `${card.state}, ${formatBytes(card.freeBytes)} of ${formatBytes(card.bytes)} free${minutes}`;
}

function batteryText(battery: Status["battery"]): string {
	const minutes =
		battery.minutesLeft === undefined ? "" : `, about ${battery.minutesLeft} minutes of recording`;
	return `${battery.percent} %${battery.charging ? ", charging" : ""}${minutes}`;
}

function clockText(clock: Status["clock"]): string {
	if (!clock.set || clock.wallMs === undefined) return "not set (`bodycam clock set`)";
	const uncertainty = clock.uncertaintyMs === undefined ? "" : ` ± ${formatDuration(clock.uncertaintyMs)}`;
	return `${formatMoment(clock.wallMs)}${uncertainty}`;
}

function accessText({ provisioned, agency, grants }: Status["provisioning"]): string {
	const owner = provisioned ? `belongs to ${agency ?? "an agency"}` : "not provisioned";
	return `${owner}; there are no sessions: whoever connects acts as ${grants}`;
}
