import { FlashUnit } from "@bodycam/protocol/board/flash-layout";
import { Flash, Status } from "@bodycam/protocol/board/records";
import type { FlashSlot, FlashSlotName, FlashSlotOptions, FlashStatus } from "../hal/flash.ts";
import type { Board } from "./board.ts";
import { BoardRequestError, PendingRequests } from "./requests.ts";

const UNITS: Readonly<Record<FlashSlotName, number>> = FlashUnit;

/** An area of the board's flash. */
export class BoardFlashSlot implements FlashSlot {
	private readonly board: Board;
	private readonly name: FlashSlotName;
	private readonly unit: number;
	private readonly requests = new PendingRequests();
	private geometry: FlashStatus = { size: 0, blockLength: 0, blocks: 0, writeAlign: 0 };
	private closed = false;

	/** @param options - which area, and `board` */
	constructor(options: FlashSlotOptions & { readonly board: Board }) {
		this.board = options.board;
		this.name = options.slot;
		this.unit = UNITS[options.slot];
		this.board.on(Flash.INFO, this.unit, (_time, size, blockLength, writeAlign, tag) => {
			const blocks = blockLength === 0 ? 0 : Math.floor(size / blockLength);
			this.geometry = { size, blockLength, blocks, writeAlign };
			this.requests.settle(tag, Status.ok);
		});
		this.board.on(Flash.DONE, this.unit, (_time, status, _b, _c, tag) => this.requests.settle(tag, status));
	}

	async status(): Promise<FlashStatus> {
		await this.request("status of", (tag) => this.board.post(Flash.STATUS, this.unit, 0, 0, 0, tag));
		return this.geometry;
	}

	async read(offset: number, length: number, at: number): Promise<void> {
		await this.request("read from", (tag) => this.board.post(Flash.READ, this.unit, offset, length, at, tag));
	}

	async write(offset: number, length: number, at: number): Promise<void> {
		await this.request("write to", (tag) => this.board.post(Flash.WRITE, this.unit, offset, length, at, tag));
	}

	async erase(offset: number, length: number): Promise<void> {
		await this.request("erase in", (tag) => this.board.post(Flash.ERASE, this.unit, offset, length, 0, tag));
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.board.off(Flash.INFO, this.unit);
		this.board.off(Flash.DONE, this.unit);
		this.requests.cancel();
	}

	private async request(what: string, send: (tag: number) => void): Promise<void> {
		const status = this.closed ? Status.canceled : (await this.requests.request(send)).status;
		if (status !== Status.ok) throw new BoardRequestError(`${what} the ${this.name} flash area`, status);
	}
}
