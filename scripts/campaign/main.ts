/**
 * `npm run campaign -- NAME [--seed N] [--iterations N]`: the long versions of what `npm test` does in short.
 * Ends with 1 when a campaign fails.
 */
import { parseArgs } from "node:util";
import { buildFirmware } from "@bodycam/firmware/build";
import { fuzzProtocol } from "@bodycam/protocol/testing/fuzz";
import { campaignShift } from "./shift.ts";

interface Settings {
	readonly seed: number;
	readonly iterations: number;
}

const CAMPAIGNS: Readonly<Record<string, (settings: Settings) => Promise<boolean>>> = {
	fuzz: async ({ seed, iterations }) => {
		console.log(JSON.stringify(fuzzProtocol({ seed, iterations })));
		return true;
	},
	shift: campaignShift,
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { seed: { type: "string", default: "1" }, iterations: { type: "string", default: "1000000" } },
});
const names = positionals.length > 0 ? positionals : Object.keys(CAMPAIGNS);
await buildFirmware();
for (const name of names) {
	const campaign = CAMPAIGNS[name];
	if (!campaign) {
		console.error(`no campaign ${name}; there are ${Object.keys(CAMPAIGNS).join(", ")}`);
		process.exit(2);
	}
	console.log(`campaign ${name}, seed ${values.seed}`);
	const passed = await campaign({ seed: Number(values.seed), iterations: Number(values.iterations) });
	console.log(`${name}: ${passed ? "passed" : "FAILED"}`);
	if (!passed) process.exitCode = 1;
}
process.exit();
