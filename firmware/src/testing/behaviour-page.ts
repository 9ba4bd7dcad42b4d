import { announcementTable } from "../announce/table.ts";
import { MEANINGS, type Situation } from "../behaviour/meanings.ts";
import { captureTable } from "../capture/table.ts";
import { BOTH_HOLD_MS, type ButtonGesture, LONG_HOLD_MS } from "../gestures/gestures.ts";
import type { IndicatorPattern } from "../hal/indicator.ts";
import { reserveTable } from "../reserve/table.ts";
import { CUES, type Cue, type CueName } from "../signals/cues.ts";
import { drawDecisionTable } from "../state/decision-table.ts";
import { wearerTable } from "../wearer/table.ts";

const COLOURS: Readonly<Record<number, string>> = {
	16777215: "white",
	16711680: "red",
	16744448: "amber",
	49152: "green",
	16639: "blue",
	49344: "cyan",
	9437439: "violet",
};

const BUTTONS = { event: "event button", function: "function button", both: "both buttons" } as const;

const KINDS: Readonly<Record<ButtonGesture, string>> = {
	press: "press once",
	"double-press": "press twice",
	"triple-press": "press three times",
	hold: "hold 3 s",
	"press-hold": "press, then hold 3 s",
	"long-hold": `hold ${LONG_HOLD_MS / 1000} s`,
};

const SITUATIONS: Readonly<Record<Situation, string>> = {
	"still-needed": "asked whether still needed",
	reason: "asked for a reason",
	recording: "recording",
	paused: "paused",
	always: "otherwise",
};

function light({ color, on, off }: IndicatorPattern): string {
	return `${COLOURS[color] ?? color.toString(16)} ${on}/${off} ms`;
}

function pulses({ haptic: { on, off, pulses: count } }: Cue): string {
	return count === 1 ? `1 × ${on} ms` : `${count} × ${on}/${off} ms`;
}

function tone({ tone: notes }: Cue): string {
	return notes
		.filter(({ hz }) => hz > 0)
		.map(({ hz }) => hz)
		.join(" ");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
	return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function gestures(): string {
	return table(
		["button", "gesture", "when", "does", "answer"],
		MEANINGS.map(({ button, kind, when, command, cue }) => [
			BUTTONS[button],
			button === "both" ? `hold ${BOTH_HOLD_MS / 1000} s` : KINDS[kind],
			SITUATIONS[when],
			command,
			`\`${cue}\``,
		]),
	);
}

function cues(): string {
	return table(
		["answer", "means", "wearer's light, on/off", "pulse, on/off", "tone, Hz", "display"],
		(Object.keys(CUES) as CueName[]).map((name) => {
			const cue: Cue = CUES[name];
			return [
				`\`${name}\``,
				cue.means,
				light(cue.light),
				pulses(cue),
				tone(cue),
				cue.display.replaceAll("\n", " / "),
			];
		}),
	);
}

const fenced = (diagram: string) => `\`\`\`mermaid\n${diagram}\`\`\``;

/** The parts of docs/behaviour.md that are made from the sources, by the name they have there. */
export function behaviourParts(): Readonly<Record<string, string>> {
	return {
		gestures: gestures(),
		cues: cues(),
		capture: fenced(drawDecisionTable(captureTable)),
		announcement: fenced(drawDecisionTable(announcementTable)),
		wearer: fenced(drawDecisionTable(wearerTable)),
		reserve: fenced(drawDecisionTable(reserveTable)),
	};
}

/** Puts the parts into a page, between `<!-- made: NAME -->` and `<!-- end -->`. */
export function fillPage(page: string, parts: Readonly<Record<string, string>>): string {
	return page.replace(/<!-- made: (\w+) -->\n[\s\S]*?<!-- end -->/g, (_whole, name: string) => {
		const part = parts[name];
		if (part === undefined) throw new Error(`the page asks for a part ${name} that is not made`);
		return `<!-- made: ${name} -->\n${part}\n<!-- end -->`;
	});
}
