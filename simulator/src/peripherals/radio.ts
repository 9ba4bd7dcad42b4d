import { decodeGattTable, GattProperty } from "@bodycam/protocol/board/gatt-table";
import { ADVERTISEMENT_OCTETS, Gatt, Status } from "@bodycam/protocol/board/records";
import { type Bus, inMedia, type Peripheral } from "../bus/peripheral.ts";
import type { DeviceAddress } from "../radio/air/address.ts";
import type { VirtualRadio } from "../radio/air/radio.ts";
import type { Station } from "../radio/air/station.ts";
import type { ServiceDeclaration } from "../radio/att/database.ts";
import type { PeripheralConnection } from "../radio/peripheral/connection.ts";
import { RadioSession } from "./radio-session.ts";

/** The radio on a board, and the air it shares with others of the same world. */
export interface BoardRadio {
	/** The air. */
	readonly radio: VirtualRadio;
	/** The camera's address. */
	readonly address: DeviceAddress;
	/** Where the camera stands on a line, metres; 0 unless told. */
	readonly position?: number | undefined;
}

/** Bluetooth LE: a GATT server on the virtual radio. A board without a radio takes the records and never answers. */
export class RadioPeripheral implements Peripheral {
	readonly family = Gatt.CONFIGURE >> 8;
	/** The camera's radio: where it stands and what it loses; undefined on a board without one. */
	readonly station: Station | undefined;
	readonly #bus: Bus;
	readonly #radio: VirtualRadio | undefined;
	#session: RadioSession | undefined;

	/** @param radio - undefined for a board without one */
	constructor(bus: Bus, radio: BoardRadio | undefined) {
		this.#bus = bus;
		this.#radio = radio?.radio;
		this.station = radio?.radio.join(radio.address, radio.position);
	}

	/** The clients connected now. */
	get clients(): readonly PeripheralConnection[] {
		return this.#session?.clients ?? [];
	}

	receive(
		kind: number,
		_unit: number,
		a: number,
		b: number,
		c: number,
		d: number,
		e: number,
		f: number,
	): void {
		const session = this.#session;
		switch (kind) {
			case Gatt.CONFIGURE:
				if (inMedia(this.#bus, "radio", a, b) && inMedia(this.#bus, "radio", c, d))
					this.#configure(a, b, c, d, e, f);
				return;
			case Gatt.ADVERTISE:
				if (inMedia(this.#bus, "radio", a, b + c)) this.#advertise(a, b, c, d);
				return;
			case Gatt.RELEASE:
				if (session?.release(a, b) === false)
					this.#bus.violation(`radio: ${b} bytes at ${a} released out of order`);
				return;
			case Gatt.NOTIFY:
				if (inMedia(this.#bus, "radio", a, b)) session?.notify(a, b, c, d, e);
				return;
			case Gatt.PARAMETERS:
				session?.requestParameters(a, b, c, d, e);
				return;
			case Gatt.DISCONNECT:
				session?.disconnect(a);
				return;
			default:
				this.#bus.violation(`radio: unknown record ${kind.toString(16)}`);
		}
	}

	halt(): void {
		this.#session?.end();
		this.#session = undefined;
	}

	close(): void {
		this.halt();
	}

	#configure(
		tableAt: number,
		tableBytes: number,
		bufferAt: number,
		bufferBytes: number,
		mtu: number,
		clients: number,
	): void {
		this.halt();
		const { station } = this;
		const radio = this.#radio;
		if (radio === undefined || station === undefined) return;
		let services: readonly ServiceDeclaration[];
		try {
			services = declared(this.#bus.media.read(tableAt, tableBytes));
		} catch (error) {
			this.#bus.violation(`radio: the table of services cannot be read: ${String(error)}`);
			return;
		}
		this.#session = new RadioSession(this.#bus, {
			radio,
			station,
			services,
			mtu,
			clients,
			bufferAt,
			bufferBytes,
		});
		this.#bus.post(Gatt.READY, 0);
	}

	#advertise(at: number, dataBytes: number, responseBytes: number, interval: number): void {
		const fits = dataBytes <= ADVERTISEMENT_OCTETS && responseBytes <= ADVERTISEMENT_OCTETS;
		if (!fits)
			this.#bus.violation(`radio: ${dataBytes} and ${responseBytes} octets do not fit advertisements`);
		const { media } = this.#bus;
		const data = media.read(at, dataBytes).slice();
		const response = media.read(at + dataBytes, responseBytes).slice();
		if (fits) this.#session?.advertise(data, response, interval);
		this.#bus.post(Gatt.ADVERTISING, 0, fits ? Status.ok : Status.outOfRange);
	}
}

function declared(bytes: Uint8Array): readonly ServiceDeclaration[] {
	const { services } = decodeGattTable(bytes.slice());
	return services.map(({ uuid, characteristics }) => ({
		uuid,
		characteristics: characteristics.map((characteristic) => ({
			uuid: characteristic.uuid,
			write: (characteristic.properties & GattProperty.write) !== 0,
			writeWithoutResponse: (characteristic.properties & GattProperty.writeWithoutResponse) !== 0,
			notify: (characteristic.properties & GattProperty.notify) !== 0,
		})),
	}));
}
