import { join } from "node:path";
import type { Context } from "./command.ts";
import { watchSources } from "./watch-sources.ts";

/**
 * Builds at once and again whenever a source of firmware or protocol is saved, one build after the other, until the
 * command is stopped. Saves during a build lead to one more build.
 * @param onFailure - told what a build threw; watching goes on
 */
export async function watchAndBuild(
	{ signal }: Pick<Context, "signal">,
	build: () => Promise<void>,
	onFailure: (error: unknown) => void,
): Promise<void> {
	let building = false;
	let again = false;
	const run = async (): Promise<void> => {
		if (building) {
			again = true;
			return;
		}
		building = true;
		do {
			again = false;
			await build().catch(onFailure);
		} while (again && !signal.aborted);
		building = false;
	};
	const { projectRoot } = await import("@bodycam/firmware/build");
	const root = projectRoot();
	const sources = [join(root, "firmware", "src"), join(root, "protocol", "src")];
	const unwatch = watchSources(sources, () => void run());
	try {
		await run();
		await new Promise<void>((resolve) => {
			if (signal.aborted) resolve();
			signal.addEventListener("abort", () => resolve(), { once: true });
		});
	} finally {
		unwatch();
	}
}
