import { Status } from "@bodycam/protocol/board/records";

const STATUS_TEXT: Readonly<Record<number, string>> = {
	[Status.ioError]: "input or output error",
	[Status.noMedium]: "no medium",
	[Status.outOfRange]: "out of range",
	[Status.readOnly]: "read-only",
	[Status.noEntry]: "no such entry",
	[Status.busy]: "busy",
	[Status.canceled]: "canceled",
};

/** The board refused a request. */
export class BoardRequestError extends Error {
	/** `Status` of the board records. */
	readonly status: number;

	/** @param what - the request, in words @param status - why, a `Status` of the board records */
	constructor(what: string, status: number) {
		super(`${what}: ${STATUS_TEXT[status] ?? `status ${status}`}`);
		this.name = "BoardRequestError";
		this.status = status;
	}
}

/** How a request ended. */
export interface RequestResult {
	/** `Status` of the board records. */
	readonly status: number;
	/** What else the answering record says, by kind. */
	readonly value: number;
}

/** Requests under way, by the tag their answer will carry. */
export class PendingRequests {
	private readonly waiting = new Map<number, (result: RequestResult) => void>();
	private nextTag = 1;

	/** Makes a request with a tag of its own; the promise is fulfilled with its result, whatever that is. */
	request(send: (tag: number) => void): Promise<RequestResult> {
		const tag = this.nextTag;
		this.nextTag = (this.nextTag + 1) >>> 0 || 1;
		return new Promise((resolve) => {
			this.waiting.set(tag, resolve);
			send(tag);
		});
	}

	/** The answer to a request came. An unknown tag is ignored. */
	settle(tag: number, status: number, value = 0): void {
		const resolve = this.waiting.get(tag);
		if (resolve === undefined) return;
		this.waiting.delete(tag);
		resolve({ status, value });
	}

	/** Ends everything under way as canceled. */
	cancel(): void {
		for (const tag of [...this.waiting.keys()]) this.settle(tag, Status.canceled);
	}
}
