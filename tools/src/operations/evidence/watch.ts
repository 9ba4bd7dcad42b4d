/** Time between two looks, ms. */
const LOOK_MS = 100;

/**
 * Waits for work that tells of its progress by itself, and yields how far it is ten times a second.
 * @param work - what is going on
 * @param look - how far it is
 * @returns what the work gives
 */
export async function* watch<Result, State>(
	work: Promise<Result>,
	look: () => State,
): AsyncGenerator<State, Result, undefined> {
	const settled = work.then(
		() => true,
		() => true,
	);
	for (;;) {
		let timer: NodeJS.Timeout | undefined;
		const waited = new Promise<false>((resolve) => {
			timer = setTimeout(() => resolve(false), LOOK_MS);
		});
		const done = await Promise.race([settled, waited]);
		clearTimeout(timer);
		if (done) return await work;
		yield look();
	}
}
