import { DevelopmentError, evaluate } from "@bodycam/protocol/camera/development";
import { GroupError } from "@bodycam/protocol/smp/errors";
import type { OpenDevelopment } from "../device/development.ts";
import { Evaluator, type RunScript } from "./evaluator.ts";

/** Where the parts of the camera are found at the prompt. */
interface Global {
	camera?: Readonly<Record<string, unknown>>;
	eval: RunScript;
}

/**
 * Lets whoever develops the firmware look inside: evaluates what is typed at a prompt, with the parts of the camera as
 * the global `camera`. Only for images that the boot stage has found to be signed with a key for development.
 */
export const openDevelopment: OpenDevelopment = (hardware, parts) => {
	const scope = globalThis as unknown as Global;
	const allowed = hardware.boot?.development === true;
	if (allowed) scope.camera = parts;
	const run = scope.eval;
	// Called without an object the engine evaluates in the global scope.
	const evaluator = new Evaluator(hardware.timers, (source) => run(source));
	return (server) => {
		server.register(evaluate, ({ source }) => {
			if (!allowed) throw new GroupError(DevelopmentError.notDevelopment);
			return evaluator.evaluate(source);
		});
	};
};
