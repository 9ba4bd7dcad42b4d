import type { Native, RecordListener } from "../board/native.ts";
import { createNodeMediaMemory, type NodeMediaMemory } from "./node-media-memory.ts";

/** A record that the firmware posted. */
export type PostedRecord = readonly [kind: number, unit: number, ...args: number[]];

/** The natives on Node, for unit tests: media memory, a clock that tests set, and the records that were posted. */
export interface FakeNative extends Native {
	/** The media memory. */
	readonly bytes: NodeMediaMemory["bytes"];
	/** Time of the record being handled, µs. */
	time: number;
	/** What was posted, without trailing zeros. */
	readonly posted: PostedRecord[];
	/** Whether the outbound queue takes records. */
	accepting: boolean;
	/** The listener that was set. */
	listener: RecordListener | undefined;
	/** What was posted since the last call of `take`. */
	take(): PostedRecord[];
}

/** Makes natives over `size` bytes of media memory. */
export function createFakeNative(size: number): FakeNative {
	const posted: PostedRecord[] = [];
	// The engine's natives know no `this`.
	const native: FakeNative = {
		...createNodeMediaMemory(size),
		time: 0,
		posted,
		accepting: true,
		listener: undefined,
		now: () => native.time,
		listen(listener) {
			native.listener = listener;
		},
		post(kind, unit = 0, ...args) {
			if (!native.accepting) return false;
			const numbers = args.map((argument) => argument ?? 0);
			while (numbers.at(-1) === 0) numbers.pop();
			posted.push([kind, unit, ...numbers]);
			return true;
		},
		heap: () => 0,
		take: () => posted.splice(0),
	};
	return native;
}
