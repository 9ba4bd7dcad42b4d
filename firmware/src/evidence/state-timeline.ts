import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import { CUSTODY_STATES, type CustodyState } from "@bodycam/protocol/custody/terms";

/** Changes remembered: more than happen while pictures wait for the card. */
const CHANGES = 32;

/** Pictures that end so shortly before a pause, ms, are the last ones before it. */
const BEFORE_PAUSE = 250;

const index = (state: CustodyState) => CUSTODY_STATES.indexOf(state);
const ANNOUNCING = index("announcing");
const RECORDING = index("recording");
const PAUSING = index("pausing");

/** What the camera did at which time of a recording. Times in ms since power-on. */
export interface StateTimeline {
	/** Another recording begins. */
	begin(): void;
	/** Something happened. */
	happened(happening: CustodyHappening, monotonicMs: number): void;
	/** What it did while pictures up to a time were taken, as an index in `CUSTODY_STATES`. Allocates nothing. */
	at(lastMs: number): number;
}

/** Creates an empty timeline. */
export function createStateTimeline(): StateTimeline {
	const times = new Float64Array(CHANGES);
	const states = new Uint8Array(CHANGES);
	let count = 0;
	let announcing = false;

	function change(time: number, state: number): void {
		times[count % CHANGES] = time;
		states[count % CHANGES] = state;
		count++;
	}

	return {
		begin() {
			count = 0;
			announcing = false;
		},
		happened(happening, monotonicMs) {
			if (happening.type === "announcement-started") {
				announcing = true;
				change(monotonicMs, ANNOUNCING);
			} else if (happening.type === "announcement-ended") {
				announcing = false;
				change(monotonicMs, RECORDING);
			} else if (happening.type === "recording-paused") change(happening.fromMs - BEFORE_PAUSE, PAUSING);
			// It goes on with the next keyframe, while it is being announced again.
			else if (happening.type === "recording-resumed")
				change(happening.toMs, announcing ? ANNOUNCING : RECORDING);
		},
		at(lastMs) {
			for (let i = count - 1; i >= 0 && i > count - 1 - CHANGES; i--)
				if ((times[i % CHANGES] as number) <= lastMs) return states[i % CHANGES] as number;
			return RECORDING;
		},
	};
}
