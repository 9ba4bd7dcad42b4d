import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectRoot } from "../../root.ts";
import { Bell, BoardLink, Crash, Parameter, State } from "./board-link.ts";

const HEADER = join(projectRoot(), "firmware", "runtime", "mps3-an547", "board-link.h");

/** What a macro is defined as: a number or a character. */
function numberIn(text: string): number {
	const character = /^'(.)'/.exec(text)?.[1];
	return character === undefined
		? Number.parseInt(text, text.startsWith("0x") ? 16 : 10)
		: character.charCodeAt(0);
}

function definitions(): Record<string, number> {
	const found = readFileSync(HEADER, "utf8").matchAll(/^#define (BC_\w+) (\S.*)$/gm);
	return Object.fromEntries([...found].map(([, name = "", text = ""]) => [name, numberIn(text)]));
}

function named(prefix: string, values: Readonly<Record<string, number>>): [string, number][] {
	return Object.entries(values).map(([name, value]) => [`BC_${prefix}_${name}`, value]);
}

test("the image's header and the simulator agree on every place and every number", () => {
	const ours = Object.fromEntries([
		...named("LINK", BoardLink),
		...named("PARAMETER", Parameter),
		...named("STATE", State),
		...named("CRASH", Crash),
		...named("BELL", Bell),
	]);
	expect(definitions()).toEqual(ours);
	expect(Object.keys(ours).length).toBeGreaterThan(50);
});
