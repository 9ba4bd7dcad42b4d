import { type Infer, map, optional, text } from "../schema/schema.ts";
import { command } from "../smp/command.ts";
import { declareErrors } from "../smp/errors.ts";
import { ReturnCode } from "../smp/return-code.ts";
import { CameraGroup } from "./groups.ts";

/** Most bytes of a source to be evaluated, of the value's text, and of a stack. */
export const SOURCE_MAX = 2048;
/** @see SOURCE_MAX */
export const VALUE_MAX = 1024;

/** Schema of `Evaluation`. */
export const evaluation = map(
	{
		value: optional(text(VALUE_MAX, { doc: "the value in words; absent when it threw" })),
		error: optional(text(VALUE_MAX, { doc: "what it threw" })),
		stack: optional(text(VALUE_MAX, { doc: "where: lines of the source and of the bundle" })),
	},
	{ name: "evaluation", doc: "what came of evaluating a source" },
);

/** What came of evaluating a source. */
export type Evaluation = Infer<typeof evaluation>;

/** Evaluates JavaScript on the camera: in builds for development only. */
export const evaluate = command({
	name: "evaluate",
	group: CameraGroup.development,
	id: 0,
	access: "write",
	role: "administrator",
	doc: "Evaluates JavaScript; only builds made for development, of images signed with a development key, do.",
	request: map({ source: text(SOURCE_MAX) }),
	response: evaluation,
});

/** Errors of the development group. */
export const DevelopmentError = declareErrors(CameraGroup.development, {
	notDevelopment: [1, ReturnCode.accessDenied, "the image is not signed with a development key"],
	noCompiler: [2, ReturnCode.notSupported, "this engine runs compiled code only"],
});

/** The commands of the development group. */
export const DEVELOPMENT_COMMANDS = [evaluate] as const;
