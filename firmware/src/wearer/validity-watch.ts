import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { type Assignment, validityChange, validityObstacle } from "@bodycam/protocol/wearer/assignment";
import type { ValidityObstacle } from "@bodycam/protocol/wearer/terms";
import type { Timer, Timers } from "../hal/timers.ts";

/** Longest time until the dates are looked at again, µs: the wall clock and this one drift apart. */
const LIMIT = 3_600_000_000;

/** Watches the dates of the assignment in force: tells when one passes, and wakes its owner then. */
export class ValidityWatch {
	private readonly timer: Timer;
	private readonly emit: (event: CameraEventBody) => void;
	private told: ValidityObstacle | undefined;
	private watched: Assignment | undefined;

	/** @param options - clock and timers, what takes events, and what is called when the answer may have changed */
	constructor(options: {
		readonly timers: Timers;
		readonly emit: (event: CameraEventBody) => void;
		readonly onDue: () => void;
	}) {
		this.timer = options.timers.create(options.onDue);
		this.emit = options.emit;
	}

	/**
	 * Looks at the dates and waits for the next one.
	 * @param assignment - the one in force, if any
	 * @param now - ms since 1970 UTC; undefined while the clock is unset
	 */
	look(assignment: Assignment | undefined, now: number | undefined): void {
		if (assignment !== this.watched) this.told = undefined;
		this.watched = assignment;
		this.timer.stop();
		if (assignment === undefined || now === undefined) return;
		const why = validityObstacle(assignment, now);
		if (why !== this.told && why !== undefined && why !== "not-yet-valid")
			this.emit({ type: "wearer-lapsed", wearer: assignment.wearer, why });
		this.told = why;
		const next = validityChange(assignment, now);
		if (next !== undefined) this.timer.start(Math.min((next - now) * 1000, LIMIT));
	}
}
