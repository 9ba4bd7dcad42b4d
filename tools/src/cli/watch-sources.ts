import { type FSWatcher, readdirSync, statSync, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps, and a save may touch several files: changes this close count as one, ms. */
const SETTLE_MS = 60;

/**
 * Tells when TypeScript sources below some directories change. Directories are watched one by one: the recursive
 * watch of Node 20 loses files that an editor replaces by renaming.
 * @param directories watched with all that is below them, also what is made later
 * @param onChange called with the changed files once they have settled
 * @returns how to stop
 */
export function watchSources(
	directories: readonly string[],
	onChange: (files: readonly string[]) => void,
): () => void {
	const watchers = new Map<string, FSWatcher>();
	const changed = new Set<string>();
	let timer: NodeJS.Timeout | undefined;

	function noteChange(path: string): void {
		changed.add(path);
		clearTimeout(timer);
		timer = setTimeout(() => {
			const files = [...changed].sort();
			changed.clear();
			onChange(files);
		}, SETTLE_MS);
	}

	function watchTree(directory: string): void {
		if (watchers.has(directory)) return;
		const watcher = watch(directory, (_event, name) => {
			if (name === null) return;
			const path = join(directory, name);
			if (isSource(name)) noteChange(path);
			else if (isDirectory(path)) watchTree(path);
			else unwatch(path);
		});
		watcher.on("error", () => unwatch(directory));
		watchers.set(directory, watcher);
		for (const entry of readdirSync(directory, { withFileTypes: true }))
			if (entry.isDirectory()) watchTree(join(directory, entry.name));
	}

	function unwatch(directory: string): void {
		watchers.get(directory)?.close();
		watchers.delete(directory);
	}

	for (const directory of directories) watchTree(directory);
	return () => {
		clearTimeout(timer);
		for (const directory of [...watchers.keys()]) unwatch(directory);
	};
}

function isSource(name: string): boolean {
	return name.endsWith(".ts") && !name.endsWith(".test.ts");
}

function isDirectory(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
