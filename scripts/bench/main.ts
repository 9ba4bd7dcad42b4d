/**
 * `npm run bench [-- NAME…] [--json]`: measures speed and memory and prints a table. Exact figures are the same on
 * every machine; timed ones say what this machine did, in this run. `--write-budgets` measures the Cortex-M55 image
 * and writes its budgets anew; `profile [PHASE]` says which of its functions take the instructions.
 */
import { buildFirmware } from "@bodycam/firmware/build";
import { benchBle } from "./ble.ts";
import { benchBoot } from "./boot.ts";
import { benchEvent } from "./event.ts";
import { benchEvidence } from "./evidence.ts";
import { BUDGETS_FILE, writeBudgets } from "./image/budgets.ts";
import { prepareImage } from "./image/build.ts";
import { PHASES } from "./image/camera.ts";
import { measureImage } from "./image/measure.ts";
import { printProfile } from "./image/profile.ts";
import { benchImage } from "./image.ts";
import { benchPull } from "./pull.ts";
import { benchRingPush } from "./ring-push.ts";
import type { Bench, Row } from "./row.ts";
import { benchSealing } from "./sealing.ts";
import { benchUpload } from "./upload.ts";
import { benchVirtualTime } from "./virtual-time.ts";

const BENCHES: Readonly<Record<string, Bench>> = {
	"ring-push": benchRingPush,
	boot: benchBoot,
	event: benchEvent,
	sealing: benchSealing,
	"virtual-time": benchVirtualTime,
	pull: benchPull,
	upload: benchUpload,
	evidence: benchEvidence,
	ble: benchBle,
	image: benchImage,
};

const OPTIONS = ["--json", "--write-budgets", "--help"];

const USAGE = `Usage: npm run bench -- [NAME…] [OPTION…]

Measures speed and memory and prints a table; without a NAME all of it.
  NAME               ${Object.keys(BENCHES).join(", ")}
  profile [PHASE]    which functions of the Cortex-M55 image take the instructions;
                     PHASE: ${PHASES.join(", ")}
  --json             for machines
  --write-budgets    measure the Cortex-M55 image and write its budgets anew
  --help             print this`;

const args = process.argv.slice(2);
if (args.includes("--help") || args.includes("-h")) {
	console.log(USAGE);
	process.exit(0);
}
const json = args.includes("--json");
const writes = args.includes("--write-budgets");
const profiles = args[0] === "profile";

/** Ends with a message. */
function end(message: string, code: number): never {
	console.error(message);
	process.exit(code);
}

/** Ends where the image cannot be measured. */
function requireImageHere(): void {
	const missing = prepareImage();
	if (missing !== "") end(`the Cortex-M55 image cannot be measured here: ${missing}`, 1);
}

async function printTable(names: readonly string[]): Promise<void> {
	const rows: Row[] = [];
	for (const [name, bench] of Object.entries(BENCHES)) {
		if (names.length > 0 && !names.includes(name)) continue;
		if (name === "image") {
			if (names.length > 0) requireImageHere();
			const missing = prepareImage();
			if (missing !== "") {
				console.error(`not measured: the image, because ${missing}`);
				continue;
			}
		}
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
}

const names = args.filter((argument) => !argument.startsWith("-"));
const unknown = profiles ? [] : names.filter((name) => !(name in BENCHES));
if (unknown.length > 0)
	end(`no benchmark ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}, and profile`, 2);
const strange = args.filter((argument) => argument.startsWith("-") && !OPTIONS.includes(argument));
if (strange.length > 0) end(`no option ${strange.join(", ")}; there are ${OPTIONS.join(", ")}`, 2);
const phase = PHASES.find((name) => name === names[1]);
if (profiles && names.length > 1 && phase === undefined)
	end(`no phase ${names[1]}; there are ${PHASES.map((name) => `"${name}"`).join(", ")}`, 2);

await buildFirmware();
if (profiles || writes) requireImageHere();
if (profiles) await printProfile(phase);
else if (writes) writeBudgets(BUDGETS_FILE, await measureImage());
else await printTable(names);
process.exit(0);
