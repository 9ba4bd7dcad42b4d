import { CHARACTERISTIC, CLIENT_CONFIGURATION, PRIMARY_SERVICE, uuidOctets } from "./uuid.ts";

/** What a characteristic can do, and what it demands. */
export interface CharacteristicDeclaration {
	/** 4 or 32 hexadecimal digits. */
	readonly uuid: string;
	/** Gives its value to a client that reads. */
	readonly read?: (() => Uint8Array) | undefined;
	/** Takes values with a response. */
	readonly write?: boolean | undefined;
	/** Takes values without a response. */
	readonly writeWithoutResponse?: boolean | undefined;
	/** Sends values to clients that subscribed. */
	readonly notify?: boolean | undefined;
	/** Refuses clients whose link is not encrypted. */
	readonly encrypted?: boolean | undefined;
}

/** A primary service and its characteristics. */
export interface ServiceDeclaration {
	/** 4 or 32 hexadecimal digits. */
	readonly uuid: string;
	readonly characteristics: readonly CharacteristicDeclaration[];
}

/** One attribute of the table. */
export interface Attribute {
	readonly handle: number;
	readonly type: Uint8Array;
	/** The characteristic it belongs to, undefined for a service. */
	readonly characteristic: CharacteristicDeclaration | undefined;
	readonly kind: "service" | "declaration" | "value" | "configuration";
	/** The value where it never changes. */
	readonly fixed: Uint8Array | undefined;
	/** Last handle of its group; its own for all but services. */
	readonly groupEnd: number;
}

/** Bits of a characteristic's properties (Bluetooth Core, Vol 3 Part G, section 3.3.1.1). */
const READ = 0x02;
const WRITE_WITHOUT_RESPONSE = 0x04;
const WRITE = 0x08;
const NOTIFY = 0x10;

function properties(characteristic: CharacteristicDeclaration): number {
	return (
		(characteristic.read ? READ : 0) |
		(characteristic.writeWithoutResponse ? WRITE_WITHOUT_RESPONSE : 0) |
		(characteristic.write ? WRITE : 0) |
		(characteristic.notify ? NOTIFY : 0)
	);
}

/** The attributes of declared services, in the order of their handles, which begin at 1. */
export class GattDatabase {
	readonly attributes: readonly Attribute[];

	/** @throws SimulatorError for a UUID that is none */
	constructor(services: readonly ServiceDeclaration[]) {
		const attributes: Attribute[] = [];
		for (const service of services) attributes.push(...serviceAttributes(service, attributes.length + 1));
		this.attributes = attributes;
	}

	/** The attribute of a handle. */
	at(handle: number): Attribute | undefined {
		return this.attributes[handle - 1];
	}

	/** The attributes from one handle to another, both counted. */
	between(first: number, last: number): readonly Attribute[] {
		return this.attributes.slice(first - 1, last);
	}

	/** Handle of the value of a characteristic; undefined where there is none of that UUID. */
	valueHandle(uuid: string): number | undefined {
		const type = uuidOctets(uuid);
		const found = this.attributes.find(
			(attribute) => attribute.kind === "value" && Buffer.compare(attribute.type, type) === 0,
		);
		return found?.handle;
	}
}

function serviceAttributes(service: ServiceDeclaration, first: number): Attribute[] {
	const made: Attribute[] = [];
	for (const characteristic of service.characteristics) {
		const handle = first + 1 + made.length;
		const type = uuidOctets(characteristic.uuid);
		const value = handle + 1;
		made.push(
			{
				handle,
				type: uuidOctets(CHARACTERISTIC),
				characteristic,
				kind: "declaration",
				fixed: Uint8Array.from([properties(characteristic), value & 0xff, value >> 8, ...type]),
				groupEnd: handle,
			},
			{ handle: value, type, characteristic, kind: "value", fixed: undefined, groupEnd: value },
		);
		if (characteristic.notify)
			made.push({
				handle: value + 1,
				type: uuidOctets(CLIENT_CONFIGURATION),
				characteristic,
				kind: "configuration",
				fixed: undefined,
				groupEnd: value + 1,
			});
	}
	const declaration: Attribute = {
		handle: first,
		type: uuidOctets(PRIMARY_SERVICE),
		characteristic: undefined,
		kind: "service",
		fixed: uuidOctets(service.uuid),
		groupEnd: first + made.length,
	};
	return [declaration, ...made];
}
