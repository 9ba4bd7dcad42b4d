import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { behaviourParts, fillPage } from "../testing/behaviour-page.ts";

const PAGE = new URL("../../../docs/behaviour.md", import.meta.url);

/** `npx vitest run firmware/src/behaviour/page -u` renews the page. */
it("docs/behaviour.md shows the tables that the firmware runs on", async () => {
	const page = readFileSync(PAGE, "utf8");
	const parts = behaviourParts();
	for (const name of Object.keys(parts)) expect(page).toContain(`<!-- made: ${name} -->`);
	await expect(fillPage(page, parts)).toMatchFileSnapshot(PAGE.pathname);
});
