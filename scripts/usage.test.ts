import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const RUN = fileURLToPath(new URL("run.js", import.meta.url));

it.each([
	["bench", "--help", "virtual-time"],
	["bench", "-h", "virtual-time"],
	["campaign", "--help", "ble-kill"],
	["campaign", "-h", "ble-kill"],
])("`npm run %s -- %s` prints how it is used, and runs nothing", (script, option, name) => {
	const said = execFileSync(process.execPath, [RUN, script, option], { encoding: "utf8", stdio: "pipe" });
	expect(said).toMatch(new RegExp(`^Usage: npm run ${script} -- `));
	expect(said).toContain(name);
	expect(said.trimEnd().split("\n").at(-1)).toMatch(/^ {2}--help/);
});

it.each(["bench", "campaign"])(
	"`npm run %s` with a name that is none says so before it runs anything",
	(script) => {
		const known = script === "bench" ? "boot" : "fuzz";
		const { status, stdout, stderr } = spawnSync(process.execPath, [RUN, script, known, "nothing"], {
			encoding: "utf8",
		});
		expect([status, stdout]).toEqual([2, ""]);
		expect(stderr).toContain(`no ${script === "bench" ? "benchmark" : "campaign"} nothing`);
	},
);
