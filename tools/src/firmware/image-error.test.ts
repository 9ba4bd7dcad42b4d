import { readFileSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_FAULTS, ImageError } from "@bodycam/protocol/image/image-error";
import { expect, test } from "vitest";
import { faultCode, ImageFileError } from "./image-error.ts";

test("docs/firmware-images.md lists every refusal in its order, with its exit code", () => {
	const page = readFileSync(
		join(import.meta.dirname, "..", "..", "..", "docs", "firmware-images.md"),
		"utf8",
	);
	const listed = [...page.matchAll(/^\| `(image-[a-z-]+)` \| (\d) \|/gm)].map(([, code, exit]) => [
		code,
		Number(exit),
	]);
	const known = IMAGE_FAULTS.map((fault) => {
		const { exitCode } = new ImageFileError("x.img", new ImageError(fault, "wrong"));
		return [faultCode(fault), exitCode];
	});
	expect(listed).toEqual(known);
});
