/** What has a place in time. */
interface Timed {
	/** Seconds. */
	readonly timestamp: number;
}

/** Gives its packets in the order in which they have to be written. */
export interface PacketLane<P extends Timed> {
	/** Begins anew each time. */
	packets(): AsyncIterable<P>;
}

/** Packets of several lanes, always the earliest next one: a player that reads on finds picture and sound together. */
export async function* interleave<P extends Timed, L extends PacketLane<P>>(
	lanes: readonly L[],
): AsyncGenerator<{ readonly packet: P; readonly from: L }, void, undefined> {
	const open: { from: L; rest: AsyncIterator<P>; next: P }[] = [];
	for (const from of lanes) {
		const rest = from.packets()[Symbol.asyncIterator]();
		const { value, done } = await rest.next();
		if (done !== true) open.push({ from, rest, next: value });
	}
	try {
		while (open.length > 0) {
			const lane = open.reduce((first, other) =>
				other.next.timestamp < first.next.timestamp ? other : first,
			);
			yield { packet: lane.next, from: lane.from };
			const { value, done } = await lane.rest.next();
			if (done === true) open.splice(open.indexOf(lane), 1);
			else lane.next = value;
		}
	} finally {
		for (const { rest } of open) await rest.return?.();
	}
}
