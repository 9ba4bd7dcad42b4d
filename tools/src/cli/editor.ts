import { spawn } from "node:child_process";
import process from "node:process";
import { BodycamError, UsageError } from "../errors.ts";
import type { Context } from "./command.ts";

/** The editor of this user: VISUAL, else EDITOR, else vi where somebody can see it. @throws {UsageError} */
function editorOf({ env }: Context): string {
	const editor = env.VISUAL || env.EDITOR;
	if (editor) return editor;
	if (process.stdin.isTTY === true) return "vi";
	throw new UsageError("there is no editor", { hint: "Name one in the environment variable EDITOR." });
}

/**
 * Opens a file in the user's editor, as a shell would with its words, and waits for its end.
 * @throws {UsageError} when there is no editor
 * @throws {BodycamError} when it ends with a failure
 */
export async function openEditor(context: Context, path: string): Promise<void> {
	const editor = editorOf(context);
	// What the editor prints is no result of this command.
	const stdout = context.json ? process.stderr.fd : "inherit";
	const child = spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", path], {
		stdio: ["inherit", stdout, "inherit"],
		env: { ...context.env },
	});
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on("error", reject);
		child.on("close", resolve);
	});
	context.signal.throwIfAborted();
	if (code !== 0)
		throw new BodycamError(`the editor (${editor}) ended with ${code}: nothing was changed`, {
			hint: "VISUAL or EDITOR name the editor; one that opens a window has to wait (as `code --wait`).",
		});
}
