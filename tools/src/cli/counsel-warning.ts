import type { Policy } from "@bodycam/protocol/policy/document";
import type { Context } from "./command.ts";

/** Says on standard error that nobody has checked the law of a policy. */
export function warnAboutCounsel({ terminal }: Context, { counsel }: Policy): void {
	if (counsel.checked) return;
	const text = `counsel.checked is false: ${counsel.note || "have counsel check it"}`;
	terminal.note(terminal.paint("yellow", text));
}
