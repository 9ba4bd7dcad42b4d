import { formatBytes, formatDuration, formatRate } from "./format.ts";
import type { Terminal } from "./terminal.ts";

/** How far a transfer is. */
export interface ProgressState {
	/** Bytes done. */
	readonly done: number;
	/** Bytes in all. */
	readonly total: number;
	/** Bytes a second over the last while; 0 while unknown. */
	readonly rate: number;
}

/** Shows a transfer: a bar that moves on a terminal, a line every tenth elsewhere. */
export interface ProgressView {
	/** Shows a newer state. */
	update(state: ProgressState): void;
	/** Removes the bar. */
	close(): void;
}

const WIDEST_BAR = 30;
const NARROWEST_BAR = 8;

/**
 * @param terminal where to draw
 * @param label what is transferred
 */
export function createProgress(terminal: Terminal, label: string): ProgressView {
	let tenths = 0;
	return {
		update(state) {
			if (terminal.interactive) {
				terminal.status(progressLine(label, state, terminal.columns));
				return;
			}
			const reached = state.total > 0 ? Math.floor((state.done / state.total) * 10) : 10;
			if (reached <= tenths) return;
			tenths = reached;
			terminal.note(`${label} ${describe(state)}`);
		},
		close() {
			terminal.status("");
		},
	};
}

/** One line of a bar, percent, bytes, rate and time left, no wider than `columns`. */
export function progressLine(label: string, state: ProgressState, columns: number): string {
	const facts = describe(state);
	const room = columns - 1 - label.length - facts.length - 2;
	if (room < NARROWEST_BAR) return `${label} ${facts}`.slice(0, Math.max(0, columns - 1));
	const width = Math.min(WIDEST_BAR, room);
	const filled = state.total > 0 ? Math.min(width, Math.floor((state.done / state.total) * width)) : width;
	return `${label} ${"█".repeat(filled)}${"░".repeat(width - filled)} ${facts}`;
}

function describe({ done, total, rate }: ProgressState): string {
	const percent = total > 0 ? Math.floor((done / total) * 100) : 100;
	const left = rate > 0 && done < total ? `, ${formatDuration(((total - done) / rate) * 1000)} left` : "";
	const speed = rate > 0 ? `, ${formatRate(rate)}` : "";
	return `${String(percent).padStart(3)} %  ${formatBytes(done)} of ${formatBytes(total)}${speed}${left}`;
}
