/** What has a place in time. */
interface Timed {
	/** Seconds. */
	readonly timestamp: number;
}

/** A row of packets, and whose they are. */
export interface Lane<P extends Timed, Owner> {
	/** Whose they are. */
	readonly of: Owner;
	/** In the order in which they have to be written. */
	readonly packets: AsyncIterable<P>;
}

/** Packets of several lanes, always the earliest next one: a player that reads on finds picture and sound together. */
export async function* interleave<P extends Timed, Owner>(
	lanes: readonly Lane<P, Owner>[],
): AsyncGenerator<{ readonly packet: P; readonly of: Owner }, void, undefined> {
	const open: { of: Owner; rest: AsyncIterator<P>; next: P }[] = [];
	try {
		for (const { of, packets } of lanes) {
			const rest = packets[Symbol.asyncIterator]();
			const { value, done } = await rest.next();
			if (done !== true) open.push({ of, rest, next: value });
		}
		while (open.length > 0) {
			const lane = open.reduce((first, other) =>
				other.next.timestamp < first.next.timestamp ? other : first,
			);
			yield { packet: lane.next, of: lane.of };
			const { value, done } = await lane.rest.next();
			if (done === true) open.splice(open.indexOf(lane), 1);
			else lane.next = value;
		}
	} finally {
		for (const { rest } of open) await rest.return?.();
	}
}
