/**
 * `npm run bench [-- NAME…] [--json]`: measures speed and memory and prints a table. Exact figures are the same on
 * every machine; timed ones say what this machine did, in this run.
 */
import { buildFirmware } from "@bodycam/firmware/build";
import { benchBoot } from "./boot.ts";
import { benchEvent } from "./event.ts";
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
};

const args = process.argv.slice(2);
const json = args.includes("--json");
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
