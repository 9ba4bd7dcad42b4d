import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { array, type Infer, map, text, uint } from "../schema/schema.ts";
import { parse } from "../schema/validate.ts";

/** What a characteristic can do; bits of its properties (Bluetooth Core, Vol 3 Part G, section 3.3.1.1). */
export const GattProperty = {
	/** Takes values without a response. */
	writeWithoutResponse: 0x04,
	/** Takes values with a response. */
	write: 0x08,
	/** Sends values to clients that subscribed. */
	notify: 0x10,
} as const;

const ALL = GattProperty.writeWithoutResponse | GattProperty.write | GattProperty.notify;

const uuid = text(36, { doc: "4 or 32 hexadecimal digits, with or without dashes" });

const gattTable = map({
	services: array(
		map({
			uuid,
			characteristics: array(map({ uuid, properties: uint({ max: ALL }) }), 16),
		}),
		8,
	),
});

/** The services that a GATT server registers: what the record `Gatt.CONFIGURE` names. */
export type GattTable = Infer<typeof gattTable>;

/** Writes a table as CBOR. */
export function encodeGattTable(table: GattTable): Uint8Array {
	return encodeCbor(table);
}

/** Reads a table. @throws CborError, SchemaError for bytes that are none */
export function decodeGattTable(bytes: Uint8Array): GattTable {
	return parse(gattTable, decodeCbor(bytes));
}
