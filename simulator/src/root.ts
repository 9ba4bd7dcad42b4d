import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { SimulatorError } from "./simulator-error.ts";

/** The environment variable in which a launcher may say where the project lies. */
export const ROOT_VARIABLE = "BODYCAM_ROOT";

/** The project's files cannot be found. */
export class ProjectNotFoundError extends SimulatorError {
	override readonly name = "ProjectNotFoundError";
	override readonly code = "project-not-found";

	/** @param from - where the search began */
	constructor(from: string) {
		super(
			`the bodycam project was not found above ${from}`,
			`Run it from its clone, or set ${ROOT_VARIABLE} to the clone.`,
		);
	}
}

let found: string | undefined;

/**
 * Directory of the project: what `BODYCAM_ROOT` says, else the next directory above this file, or above the bundle
 * it was built into, whose package is named `bodycam`.
 * @throws ProjectNotFoundError
 */
export function projectRoot(): string {
	const told = process.env[ROOT_VARIABLE];
	if (told) return told;
	if (found !== undefined) return found;
	const start = dirname(fileURLToPath(import.meta.url));
	for (let at = start; ; at = dirname(at)) {
		if (isProject(at)) {
			found = at;
			return at;
		}
		if (at === dirname(at)) throw new ProjectNotFoundError(start);
	}
}

/** The scene that belongs to the project. @throws ProjectNotFoundError */
export function defaultClip(): string {
	return join(projectRoot(), "simulator", "assets", "clip.mp4");
}

function isProject(directory: string): boolean {
	const file = join(directory, "package.json");
	if (!existsSync(file)) return false;
	try {
		return (JSON.parse(readFileSync(file, "utf8")) as { name?: unknown }).name === "bodycam";
	} catch {
		return false;
	}
}
