import { Datagram } from "@bodycam/protocol/board/records";
import type { DatagramLink, DatagramLinkOptions } from "../hal/datagram-link.ts";
import type { MediaRegion } from "../hal/media-memory.ts";
import type { Board } from "./board.ts";

/** A datagram link of the board. */
export class BoardDatagramLink implements DatagramLink {
	private readonly board: Board;
	private readonly unit: number;
	private closed = false;

	/** @param options - which link, the callbacks, `board`, and `buffer` for received datagrams */
	constructor(options: DatagramLinkOptions & { readonly board: Board; readonly buffer: MediaRegion }) {
		const { board, buffer, port } = options;
		this.board = board;
		this.unit = port;
		board.on(Datagram.RECEIVED, port, (_time, at, length, peer) => options.onDatagram(at, length, peer));
		board.on(Datagram.SENT, port, (_time, status, _b, _c, tag) => options.onSent(tag, status));
		board.post(Datagram.CONFIGURE, port, buffer.at, buffer.bytes);
	}

	release(at: number, length: number): void {
		if (!this.closed) this.board.post(Datagram.RELEASE, this.unit, at, length);
	}

	send(at: number, length: number, peer: number, tag: number): void {
		if (!this.closed) this.board.post(Datagram.SEND, this.unit, at, length, peer, tag);
	}

	close(): void {
		if (this.closed) return;
		this.closed = true;
		this.board.off(Datagram.RECEIVED, this.unit);
		this.board.off(Datagram.SENT, this.unit);
	}
}
