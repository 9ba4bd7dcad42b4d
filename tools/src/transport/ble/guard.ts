import type { BodycamError } from "../../errors.ts";

/** Bounds of a call that may never come back. */
export interface Bounds {
	/** Longest time it may take, ms. */
	readonly ms: number;
	/** The error when the time is over. */
	readonly late: () => BodycamError;
	/** What ends the wait: the caller gives up, the adapter is gone, the link is lost. Rejects with the reason. */
	readonly signals: readonly (AbortSignal | undefined)[];
}

/**
 * Waits for a call of noble's, some of which never settle: after a disconnection, a rejected pairing, or when nobody
 * answers a connection request.
 * @throws the late error, or the reason of the signal that came first
 */
export function guarded<T>(work: () => Promise<T>, { ms, late, signals }: Bounds): Promise<T> {
	const heeded = signals.filter((signal) => signal !== undefined);
	return new Promise((resolve, reject) => {
		const settle = (end: () => void): void => {
			clearTimeout(timer);
			for (const signal of heeded) signal.removeEventListener("abort", onAbort);
			end();
		};
		const onAbort = (): void => {
			const reason: unknown = heeded.find(({ aborted }) => aborted)?.reason;
			settle(() => reject(reason));
		};
		const timer = setTimeout(() => settle(() => reject(late())), ms);
		for (const signal of heeded) signal.addEventListener("abort", onAbort);
		if (heeded.some(({ aborted }) => aborted)) {
			onAbort();
			return;
		}
		work().then(
			(value) => settle(() => resolve(value)),
			(error: unknown) => settle(() => reject(error)),
		);
	});
}
