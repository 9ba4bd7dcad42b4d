import type { FirmwareStatus, SELF_TEST_PARTS } from "@bodycam/protocol/camera/firmware";
import type { Timer, Timers } from "../hal/timers.ts";

/** What a self-test looks at. */
export type SelfTestPart = (typeof SELF_TEST_PARTS)[number];

/** Time between two looks, and time within which everything has to have been seen to work, µs. */
const INTERVAL = 1_000_000;
const LIMIT = 60_000_000;

/** Options of `SelfTest`. */
export interface SelfTestOptions {
	/** Clock and timers. */
	readonly timers: Timers;
	/** Whether each part works; looked at until it has. */
	readonly parts: Readonly<Record<SelfTestPart, () => boolean>>;
	/** Everything has been seen to work. */
	readonly onPassed: () => void;
	/** The time is over, and something has not. */
	readonly onFailed: () => void;
}

/** Looks after a start whether everything works that a camera cannot do without. */
export class SelfTest {
	private readonly options: SelfTestOptions;
	private readonly timer: Timer;
	private readonly open: SelfTestPart[];
	private readonly end: number;
	private result: FirmwareStatus["selfTest"]["state"] = "running";

	constructor(options: SelfTestOptions) {
		const { timers, parts } = options;
		this.options = options;
		this.open = Object.keys(parts) as SelfTestPart[];
		this.end = timers.now() + LIMIT;
		this.timer = timers.create(() => this.look());
		this.timer.start(INTERVAL);
	}

	/** How far it is. */
	get status(): FirmwareStatus["selfTest"] {
		return { state: this.result, open: [...this.open] };
	}

	private look(): void {
		const { timers, parts, onPassed, onFailed } = this.options;
		for (let index = this.open.length - 1; index >= 0; index--) {
			const part = this.open[index];
			if (part !== undefined && parts[part]()) this.open.splice(index, 1);
		}
		if (this.open.length === 0) {
			this.result = "passed";
			onPassed();
		} else if (timers.now() >= this.end) {
			this.result = "failed";
			onFailed();
		} else this.timer.start(INTERVAL);
	}
}
