/**
 * `npm run bench [-- NAME…] [--json]`: measures speed and memory and prints a table. Exact figures are the same on
 * every machine; timed ones say what this machine did, in this run. `--write-budgets` measures the Cortex-M55 image
 * and writes its budgets anew; `profile [PHASE]` says which of its functions take the instructions.
 */
import { buildFirmware } from "@bodycam/firmware/build";
import { benchBoot } from "./boot.ts";
import { benchEvent } from "./event.ts";
import { BUDGETS_FILE, writeBudgets } from "./image/budgets.ts";
import { measureImage } from "./image/measure.ts";
import { printProfile } from "./image/profile.ts";
import { benchImage } from "./image.ts";
import { benchPull } from "./pull.ts";
import { benchRingPush } from "./ring-push.ts";
import type { Bench, Row } from "./row.ts";
import { benchUpload } from "./upload.ts";
import { benchVirtualTime } from "./virtual-time.ts";

const BENCHES: Readonly<Record<string, Bench>> = {
	"ring-push": benchRingPush,
	boot: benchBoot,
	event: benchEvent,
	"virtual-time": benchVirtualTime,
	pull: benchPull,
	upload: benchUpload,
	image: benchImage,
};

const args = process.argv.slice(2);
const json = args.includes("--json");
if (args[0] === "profile") {
	await buildFirmware();
	await printProfile(args[1]);
	process.exit(0);
}
if (args.includes("--write-budgets")) {
	await buildFirmware();
	writeBudgets(BUDGETS_FILE, await measureImage());
	process.exit(0);
}
const names = args.filter((argument) => argument !== "--json");
const unknown = names.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
	console.error(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}`);
	process.exit(2);
}

await buildFirmware();
const rows: Row[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
	if (names.length > 0 && !names.includes(name)) continue;
	if (!json) console.error(`measuring ${name} …`);
	rows.push(...(await bench()));
}
if (json) console.log(JSON.stringify(rows, undefined, "\t"));
else {
	console.log("| what | figure | unit | kind | conditions |\n|---|---:|---|---|---|");
	for (const row of rows) {
		const figure = row.value.toLocaleString("en", { maximumFractionDigits: row.value < 100 ? 1 : 0 });
		console.log(`| ${row.what} | ${figure} | ${row.unit} | ${row.kind} | ${row.note} |`);
	}
}
process.exit(0);
