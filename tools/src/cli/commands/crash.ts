import { mapStack } from "@bodycam/firmware/stack";
import type { CrashRecord } from "@bodycam/protocol/camera/log";
import type { Command } from "commander";
import { readCrash } from "../../client/camera.ts";
import { notAMap, sourceMapOf } from "../../firmware/source-map.ts";
import { addCommand, handle, printResult, type Runtime } from "../command.ts";
import { addDeviceOptions, type DeviceOptions, withDevice } from "../device.ts";
import { formatDuration } from "../format.ts";
import { formatFacts } from "../table.ts";

interface CrashFlags extends DeviceOptions {
	readonly map?: string;
}

/** `bodycam crash`: what the firmware died of. */
export function addCrashCommand(program: Command, runtime: Runtime): void {
	const command = addCommand(program, {
		usage: "crash",
		summary: "show what a camera's firmware died of the last time",
		description:
			"Shows the last crash record of a camera: which firmware died, of what, after how long, and where, in lines of the TypeScript sources. The source map of a firmware is found by its build id when it was built in this checkout, or given with --map (it lies beside the image, as IMAGE.map); the map of another build is refused.",
		examples: [
			["bodycam crash -d sim:cam1", "A firmware that was built here"],
			["bodycam crash -d serial:/dev/ttyACM0 --map release.img.map", "One that was built elsewhere"],
		],
	}).option("--map <file>", "source map of the build that died");
	handle<CrashFlags>(addDeviceOptions(command), runtime, (context, flags) =>
		withDevice(context, flags, async (client) => {
			const found = await readCrash(client, { signal: context.signal });
			if (found === undefined) {
				printResult(context, {}, () => "no crash is on record");
				return;
			}
			const { crash, bootsSince } = found;
			const sourceMap = sourceMapOf(crash.build, flags.map);
			const where = sourceMap === undefined ? crash.stack : mapped(crash.stack, sourceMap, flags.map);
			const isMapped = sourceMap !== undefined;
			printResult(context, { ...crash, stack: where, mapped: isMapped, bootsSince }, () =>
				describeCrash(crash, where, bootsSince),
			);
			if (!isMapped && crash.stack !== "")
				context.terminal.note(
					`the source map of build ${crash.build} is not here: the lines are those of its bundle; --map names the map beside its image`,
				);
		}),
	);
}

function mapped(stack: string, sourceMap: string, file: string | undefined): string {
	try {
		return mapStack(stack, sourceMap);
	} catch (error) {
		throw notAMap(file ?? "the source map of the build", error);
	}
}

/** A crash record for people. @param stack - mapped where that could be done */
export function describeCrash(crash: CrashRecord, stack: string, bootsSince: number | undefined): string {
	const facts = formatFacts([
		["build", crash.build],
		["died of", `${crash.reason}: ${crash.message}`],
		["ran for", formatDuration(crash.uptimeMs)],
		[
			"since then",
			bootsSince === undefined ? undefined : `${bootsSince} ${bootsSince === 1 ? "boot" : "boots"}`,
		],
	]);
	return stack === "" ? facts : `${facts}\n${stack}`;
}
