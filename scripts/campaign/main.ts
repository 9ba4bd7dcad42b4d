/**
 * `npm run campaign -- NAME [--seed N] [--iterations N] [--engine NAME]`: the long versions of what `npm test` does in short.
 * Ends with 1 when a campaign fails.
 */
import { parseArgs } from "node:util";
import { buildFirmware } from "@bodycam/firmware/build";
import { fuzzProtocol } from "@bodycam/protocol/testing/fuzz";
import { ENGINES, type EngineName } from "@bodycam/simulator/machine/engine-name";
import { campaignBehaviour } from "./behaviour.ts";
import { campaignPowerCut } from "./power-cut.ts";
import { campaignShift } from "./shift.ts";

interface Settings {
	readonly seed: number;
	/** How many; undefined: what the campaign does by default. */
	readonly iterations: number | undefined;
	/** What runs the firmware, where a campaign leaves the choice. */
	readonly engine: EngineName;
}

/** Inputs of the fuzz campaign unless told otherwise. */
const FUZZ_INPUTS = 1_000_000;

const CAMPAIGNS: Readonly<Record<string, (settings: Settings) => Promise<boolean>>> = {
	fuzz: async ({ seed, iterations }) => {
		console.log(JSON.stringify(fuzzProtocol({ seed, iterations: iterations ?? FUZZ_INPUTS })));
		return true;
	},
	shift: campaignShift,
	behaviour: ({ seed, iterations }) => campaignBehaviour(seed, iterations),
	"power-cut": ({ seed, iterations, engine }) => campaignPowerCut(seed, iterations, engine),
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		seed: { type: "string", default: "1" },
		iterations: { type: "string" },
		engine: { type: "string", default: "wasm" },
	},
});
const engine = ENGINES.find((name) => name === values.engine);
if (engine === undefined) {
	console.error(`no engine ${values.engine}; there are ${ENGINES.join(", ")}`);
	process.exit(2);
}
const names = positionals.length > 0 ? positionals : Object.keys(CAMPAIGNS);
await buildFirmware();
for (const name of names) {
	const campaign = CAMPAIGNS[name];
	if (!campaign) {
		console.error(`no campaign ${name}; there are ${Object.keys(CAMPAIGNS).join(", ")}`);
		process.exit(2);
	}
	console.log(`campaign ${name}, seed ${values.seed}`);
	const iterations = values.iterations === undefined ? undefined : Number(values.iterations);
	const passed = await campaign({ seed: Number(values.seed), iterations, engine });
	console.log(`${name}: ${passed ? "passed" : "FAILED"}`);
	if (!passed) process.exitCode = 1;
}
process.exit();
