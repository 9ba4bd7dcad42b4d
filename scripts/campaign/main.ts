/**
 * `npm run campaign -- NAME [--seed N] [--iterations N]`: the long versions of what `npm test` does in short.
 * `behaviour` also takes `--engine xs` (the whole firmware) or `node` (its behaviour's sources, many more of them), and
 * `--sequences`, which is `--iterations`, as is `--cuts`. `card-cut` and `power-cut` take `--engine wasm` or
 * `mps3-an547`, the latter for the boot stage. Ends with 1 when a campaign fails.
 */
import { parseArgs } from "node:util";
import { buildFirmware } from "@bodycam/firmware/build";
import { fuzzProtocol } from "@bodycam/protocol/testing/fuzz";
import { ENGINES } from "@bodycam/simulator/machine/engine-name";
import { SimulatorError } from "@bodycam/simulator/simulator-error";
import { BEHAVIOUR_ENGINES, campaignBehaviour } from "./behaviour.ts";
import { campaignBleFuzz } from "./ble-fuzz.ts";
import { campaignBleKill } from "./ble-kill.ts";
import { campaignCardCut } from "./card-cut.ts";
import { campaignPowerCut } from "./power-cut.ts";
import { campaignPowerCutMcu } from "./power-cut-mcu.ts";
import { campaignShift } from "./shift.ts";

interface Settings {
	readonly seed: number;
	/** How many; undefined: what the campaign does by default. */
	readonly iterations: number | undefined;
	/** Where it runs, of those the campaign knows; undefined: where it does by default. */
	readonly engine: string | undefined;
}

/** Inputs of the fuzz campaign unless told otherwise. */
const FUZZ_INPUTS = 1_000_000;

/** The engine of that name. */
function oneOf<N extends string>(engines: readonly N[], name: string): N {
	const engine = engines.find((one) => one === name);
	if (engine === undefined) {
		console.error(`--engine is ${engines.join(" or ")}`);
		process.exit(2);
	}
	return engine;
}

const CAMPAIGNS: Readonly<Record<string, (settings: Settings) => Promise<boolean>>> = {
	fuzz: async ({ seed, iterations }) => {
		console.log(JSON.stringify(fuzzProtocol({ seed, iterations: iterations ?? FUZZ_INPUTS })));
		return true;
	},
	shift: campaignShift,
	behaviour: ({ seed, iterations, engine }) =>
		campaignBehaviour(seed, oneOf(BEHAVIOUR_ENGINES, engine ?? "node"), iterations),
	"card-cut": ({ seed, iterations, engine }) =>
		campaignCardCut(seed, iterations, oneOf(ENGINES, engine ?? "wasm")),
	"power-cut": ({ seed, iterations, engine }) =>
		campaignPowerCut(seed, iterations, oneOf(ENGINES, engine ?? "wasm")),
	"ble-kill": ({ seed, iterations }) => campaignBleKill(seed, iterations),
	"ble-fuzz": ({ seed, iterations }) => campaignBleFuzz(seed, iterations),
	"power-cut-mcu": ({ seed, iterations }) => campaignPowerCutMcu(seed, iterations),
};

const USAGE = `Usage: npm run campaign -- [NAME…] [OPTION…]

Runs the long versions of what npm test does in short; without a NAME all of them.
  NAME               ${Object.keys(CAMPAIGNS).join(", ")}
  --seed N           what is drawn at random (default: 1)
  --iterations N     how many; --sequences and --cuts are the same
  --engine ENGINE    where it runs: behaviour on ${BEHAVIOUR_ENGINES.join(" or ")},
                     card-cut and power-cut on ${ENGINES.join(" or ")}
  --help             print this`;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		help: { type: "boolean", short: "h" },
		seed: { type: "string", default: "1" },
		iterations: { type: "string" },
		sequences: { type: "string" },
		cuts: { type: "string" },
		engine: { type: "string" },
	},
});
if (values.help === true) {
	console.log(USAGE);
	process.exit(0);
}
const names = positionals.length > 0 ? positionals : Object.keys(CAMPAIGNS);
const { seed: seedText, iterations: countText = values.sequences ?? values.cuts } = values;
const counts = [seedText, countText].every((text) => text === undefined || /^\d{1,9}$/.test(text));
if (!counts) {
	console.error("--seed, --iterations, --sequences and --cuts are whole numbers");
	process.exit(2);
}
const unknown = names.filter((name) => CAMPAIGNS[name] === undefined);
if (unknown.length > 0) {
	console.error(`no campaign ${unknown.join(", ")}; there are ${Object.keys(CAMPAIGNS).join(", ")}`);
	process.exit(2);
}
await buildFirmware();
for (const name of names) {
	const campaign = CAMPAIGNS[name];
	if (campaign === undefined) continue;
	console.log(`campaign ${name}, seed ${seedText}`);
	const iterations = countText === undefined ? undefined : Number(countText);
	const passed = await campaign({ seed: Number(seedText), iterations, engine: values.engine }).catch(
		(error: unknown) => {
			// A limit of this computer, such as an image that is not built, is nobody's defect.
			if (!(error instanceof SimulatorError)) throw error;
			console.error(error.hint === undefined ? error.message : `${error.message}\n${error.hint}`);
			process.exit(error.exitCode);
		},
	);
	console.log(`${name}: ${passed ? "passed" : "FAILED"}`);
	if (!passed) process.exitCode = 1;
}
process.exit();
