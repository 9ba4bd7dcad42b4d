/** A characteristic of a service. */
export interface GattCharacteristic {
	/** UUID, 4 or 32 hexadecimal digits, with or without dashes. */
	readonly uuid: string;
	/** Bits of `GattProperty`. */
	readonly properties: number;
}

/** A primary service. */
export interface GattService {
	/** UUID, 4 or 32 hexadecimal digits, with or without dashes. */
	readonly uuid: string;
	/** Its characteristics. */
	readonly characteristics: readonly GattCharacteristic[];
}

/** The connection parameters that a client is asked for. */
export interface GattParameters {
	/** Shortest connection interval, µs, a multiple of 1250. */
	readonly minimumInterval: number;
	/** Longest connection interval, µs, a multiple of 1250. */
	readonly maximumInterval: number;
	/** Events the server may sleep through while it has nothing to send. */
	readonly latency: number;
	/** Time without a sign of life after which the connection is over, ms. */
	readonly supervisionTimeout: number;
}

/** A client's connection. */
export interface GattConnection {
	/** Most bytes of one notification, and of one write: the ATT MTU less its header. */
	readonly maximumWrite: number;
	/** Connection interval, µs. */
	readonly interval: number;
	/** Whether the link is encrypted. */
	readonly encrypted: boolean;
	/** False once it is over; nothing can be sent then. */
	readonly open: boolean;
	/**
	 * Sends a value from media memory to the client. False where too many are under way, or the connection is over:
	 * `onWritable` is called when there is room. The bytes must not change before `onNotified` or `onDisconnect`.
	 * @param characteristic - its number, counted over all services from 0
	 */
	notify(characteristic: number, at: number, length: number, tag: number): boolean;
	/** Asks the client for connection parameters; it may have others. */
	requestParameters(parameters: GattParameters): void;
	/** Ends the connection. Idempotent; `onDisconnect` is called when it is over. */
	close(): void;
}

/**
 * Options of a GATT server, in the terms of the draft of ECMA-419. Callbacks are never invoked inside a method.
 * Characteristics are named by their number, counted over all services from 0.
 */
export interface GattServerOptions {
	/** The services, registered at once. */
	readonly services: readonly GattService[];
	/** Largest ATT MTU that is agreed to, octets. */
	readonly mtu: number;
	/** Clients at once. */
	readonly connections: number;
	/** The services are registered; not called on a board without a radio. */
	onReady(): void;
	/** A client has connected. */
	onConnect(connection: GattConnection): void;
	/** The connection is over. @param reason - an HCI error code */
	onDisconnect(connection: GattConnection, reason: number): void;
	/** What the connection runs with has changed: MTU, parameters, encryption. */
	onLinkChange?(connection: GattConnection): void;
	/** The client wants a characteristic's values. */
	onSubscribe(connection: GattConnection, characteristic: number): void;
	/** The client wants them no longer. */
	onUnsubscribe(connection: GattConnection, characteristic: number): void;
	/** A value was written, and lies in media memory until `release`. */
	onWrite(connection: GattConnection, characteristic: number, at: number, length: number): void;
	/** The bytes of a `notify` were taken. @param status - 0 ok, else a `Status` of the board records */
	onNotified(connection: GattConnection, tag: number, status: number): void;
	/** After a `notify` that found no room: there is some. */
	onWritable(connection: GattConnection): void;
}

/** A GATT server and its advertising. What is not released holds the clients back. */
export interface GattServer {
	/**
	 * Advertises from now on, whenever there is room for a client; what was said before is said no longer.
	 * @param data - advertising data, at most 31 octets @param response - scan response, at most 31 octets
	 * @param interval - µs
	 * @throws RangeError for more
	 */
	startAdvertising(data: Uint8Array, response: Uint8Array, interval: number): void;
	/** Advertises no longer. */
	stopAdvertising(): void;
	/** Gives a written value back, in order of arrival. */
	release(at: number, length: number): void;
	/** Ends all connections. Idempotent; nothing is called afterwards. */
	close(): void;
}
