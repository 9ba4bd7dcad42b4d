import { expect, test } from "vitest";
import { CAMERA_COMMANDS } from "../camera/commands.ts";
import { map, optional, text, uint, variants } from "../schema/schema.ts";
import { IMAGE_COMMANDS } from "../smp/image.ts";
import { CDDL_DOCUMENTS } from "./documents.ts";
import { writeCddl } from "./write.ts";

// `npx vitest run protocol/src/cddl -u` writes the files anew.
test.each(CDDL_DOCUMENTS)("protocol/cddl/$name.cddl says what the code does", async (document) => {
	await expect(writeCddl(document)).toMatchFileSnapshot(`../../cddl/${document.name}.cddl`);
});

test("every command of the camera is published, and besides only those for images", () => {
	const published = CDDL_DOCUMENTS.flatMap((document) => document.commands);
	const images: readonly unknown[] = IMAGE_COMMANDS;
	expect(published.filter((command) => !images.includes(command))).toEqual([...CAMERA_COMMANDS]);
});

test("bounds, optional members, variants and comments are written", () => {
	const shape = variants(
		"kind",
		{ id: uint({ min: 1, max: 9, doc: "which one" }) },
		{ circle: { radius: uint() }, "empty-one": {} },
		{ name: "shape", doc: "something drawn" },
	);
	const command = {
		name: "draw",
		group: 70,
		id: 2,
		access: "either",
		role: "wearer",
		doc: "Draws.",
		request: map({ shape, label: optional(text(5)) }),
		response: map({}),
	} as const;
	expect(writeCddl({ name: "draw", title: "Drawing.", commands: [command] })).toBe(`; Drawing.
; Written from the declarations in protocol/src: change those, not this file.
; Receivers ignore keys that are not named here.

; Draws.
; SMP group 70, command 2, read or write; least role: wearer
draw-request = {
  shape: shape,
  ? label: tstr .size (0..5),
}

draw-response = {}

; something drawn
shape = shape-circle /
  shape-empty-one

shape-common = (
  ; which one
  id: 1..9,
)

shape-circle = {
  kind: "circle",
  shape-common,
  radius: uint,
}

shape-empty-one = {
  kind: "empty-one",
  shape-common,
}
`);
});
