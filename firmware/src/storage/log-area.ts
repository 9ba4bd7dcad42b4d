import { Status } from "@bodycam/protocol/board/records";
import type { Superblock } from "@bodycam/protocol/card/superblock";
import { type CardQueue, Operation } from "./card-queue.ts";
import type { LogArea } from "./store-interface.ts";

/** The event log's part of a card with that superblock. */
export function createLogArea(queue: CardQueue, superblock: Superblock, readOnly: boolean): LogArea {
	const { identity, logStart, logSectors: sectors } = superblock;
	let done: ((status: number) => void) | undefined;

	function place(sector: number, count: number): number {
		if (sector + count > sectors)
			throw new RangeError(`${count} sectors at ${sector} leave the event log of ${sectors}`);
		return logStart + sector;
	}
	function finish(_id: number, status: number): void {
		const run = done;
		done = undefined;
		run?.(status);
	}
	function onWritten(id: number, status: number): void {
		if (status !== Status.ok) finish(id, status);
		else queue.submit(Operation.flush, 0, 0, 0, finish, 0);
	}

	return {
		sectors,
		identity,
		readOnly,
		async read(sector, count, at) {
			await queue.read(place(sector, count), count, at);
		},
		append(sector, count, at, whenDone) {
			if (done !== undefined) throw new RangeError("the event log is being written to");
			queue.submit(Operation.write, place(sector, count), count, at, onWritten, 0);
			done = whenDone;
		},
	};
}
