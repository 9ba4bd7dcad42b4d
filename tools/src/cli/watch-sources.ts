import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps, and a save may touch several files: changes this close count as one, ms. */
const SETTLE_MS = 60;

/**
 * Tells when TypeScript sources below some directories change.
 * @param directories watched with all that is below them
 * @param onChange called with the changed files once they have settled
 * @returns how to stop
 */
export function watchSources(
	directories: readonly string[],
	onChange: (files: readonly string[]) => void,
): () => void {
	const changed = new Set<string>();
	let timer: NodeJS.Timeout | undefined;
	const watchers: FSWatcher[] = directories.map((directory) =>
		watch(directory, { recursive: true }, (_event, name) => {
			if (name === null || !isSource(name)) return;
			changed.add(join(directory, name));
			clearTimeout(timer);
			timer = setTimeout(() => {
				const files = [...changed].sort();
				changed.clear();
				onChange(files);
			}, SETTLE_MS);
		}),
	);
	return () => {
		clearTimeout(timer);
		for (const watcher of watchers) watcher.close();
	};
}

function isSource(name: string): boolean {
	return name.endsWith(".ts") && !name.endsWith(".test.ts");
}
