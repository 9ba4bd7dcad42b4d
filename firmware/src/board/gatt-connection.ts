import { Gatt } from "@bodycam/protocol/board/records";
import { ATT_HEADER_OCTETS } from "@bodycam/protocol/smp/ble";
import type { GattConnection, GattParameters } from "../hal/gatt-server.ts";
import type { Board } from "./board.ts";

/** Notifications of a connection that the board has not taken yet, at most. */
const NOTIFICATIONS_UNDER_WAY = 8;

/** ATT MTU before a client has asked for another, octets (Bluetooth Core, Vol 3 Part G, section 5.2.1). */
const DEFAULT_MTU = 23;

/** A client's connection on the board. */
export class BoardGattConnection implements GattConnection {
	mtu = DEFAULT_MTU;
	interval = 0;
	encrypted = false;
	open = true;
	private readonly board: Board;
	private readonly number: number;
	private underWay = 0;
	private refused = false;

	/** @param number - the connection's, as the board counts */
	constructor(board: Board, number: number) {
		this.board = board;
		this.number = number;
	}

	get maximumWrite(): number {
		return this.mtu - ATT_HEADER_OCTETS;
	}

	notify(characteristic: number, at: number, length: number, tag: number): boolean {
		if (!this.open) return false;
		if (this.underWay >= NOTIFICATIONS_UNDER_WAY) {
			this.refused = true;
			return false;
		}
		this.underWay++;
		this.board.post(Gatt.NOTIFY, 0, at, length, this.number, tag, characteristic);
		return true;
	}

	/** The board has taken a notification. True where one was refused before: there is room again. */
	taken(): boolean {
		this.underWay--;
		const wanted = this.refused;
		this.refused = false;
		return wanted;
	}

	requestParameters(parameters: GattParameters): void {
		const { minimumInterval, maximumInterval, latency, supervisionTimeout } = parameters;
		if (!this.open) return;
		const { board, number } = this;
		board.post(Gatt.PARAMETERS, 0, number, minimumInterval, maximumInterval, latency, supervisionTimeout);
	}

	close(): void {
		if (this.open) this.board.post(Gatt.DISCONNECT, 0, this.number);
	}
}
