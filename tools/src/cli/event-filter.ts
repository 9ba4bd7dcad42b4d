/** Which events are wanted; what is undefined wants all. */
export interface EventFilterOptions {
	/** Types. */
	readonly type?: readonly string[];
	/** Time of day, ms since 1970 UTC. */
	readonly since?: number;
	/** Time of day, ms since 1970 UTC. */
	readonly until?: number;
	/** Recording they name. */
	readonly recording?: number;
	/** Boot they are of. */
	readonly boot?: number;
}

/** Chooses events. */
export interface EventFilter {
	/** Events that were left out because they have no time of day. */
	readonly undated: number;
	/** Whether an event is wanted. */
	accepts(
		event: {
			readonly type: string;
			readonly wallMs?: number | undefined;
			readonly recording?: number | undefined;
		},
		boot?: number,
	): boolean;
}

/** Makes a filter. */
export function createEventFilter(options: EventFilterOptions): EventFilter {
	const { type, since, until, recording, boot: wantedBoot } = options;
	let undated = 0;
	return {
		get undated() {
			return undated;
		},
		accepts(event, boot) {
			if (type !== undefined && !type.includes(event.type)) return false;
			if (recording !== undefined && event.recording !== recording) return false;
			if (wantedBoot !== undefined && boot !== wantedBoot) return false;
			if (since === undefined && until === undefined) return true;
			if (event.wallMs === undefined) undated++;
			const { wallMs = Number.NaN } = event;
			return wallMs >= (since ?? -Infinity) && wallMs <= (until ?? Infinity);
		},
	};
}
