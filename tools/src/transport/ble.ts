import { ATT_HEADER_OCTETS, PREFERRED_MTU } from "@bodycam/protocol/smp/ble";
import { type BodycamError, ConnectionError, ProtocolError } from "../errors.ts";
import { type AdapterChoice, BleAdapter } from "./ble/adapter.ts";
import { findCamera } from "./ble/discovery.ts";
import { guarded } from "./ble/guard.ts";
import { agreedMtu } from "./ble/mtu.ts";
import type { NobleCharacteristic, NoblePeripheral } from "./ble/noble-library.ts";
import { PacketAssembler } from "./ble/packet-assembler.ts";
import { CHARACTERISTIC_UUID, SERVICE_UUID } from "./ble/service.ts";
import { WriteWindow } from "./ble/write-window.ts";
import type { SmpTransport, TransportListener } from "./transport.ts";

/** Connection interval asked for, units of 1.25 ms, and supervision timeout, units of 10 ms. */
const CONNECTION = { minInterval: 6, maxInterval: 12, latency: 0, timeout: 200 } as const;

/** Times noble's calls have, ms. */
const CONNECT_TIME = 10_000;
const DISCOVER_TIME = 10_000;
const SUBSCRIBE_TIME = 5000;
const DISCONNECT_TIME = 1500;

/** Bytes written and not answered at most: what a good link carries in about a fifth of a second. */
const WINDOW = 32 * 1024;

/** A link that carries less, bytes a second, counts as broken: what sets how long an answer is waited for. */
const SLOWEST_RATE = 8000;

/** Largest SMP packet: what its header can say. */
const LARGEST_PACKET = 8 + 0xffff;

/** HCI error code with which noble ends the connections of an adapter that fails: hardware failure. */
const HARDWARE_FAILURE = 3;

/** Why a connection ended, by HCI error code. */
const REASONS: Readonly<Record<number, string>> = {
	[HARDWARE_FAILURE]: "the Bluetooth adapter went away",
	8: "it is no longer heard",
	19: "the camera ended it",
	20: "the camera is short of memory",
	21: "the camera was switched off",
	22: "this computer ended it",
	61: "its encryption failed",
	62: "it was never established",
};

/**
 * Connects to a camera over Bluetooth Low Energy and speaks SMP with it.
 * @param target - the name it advertises, or its address
 * @throws {NoSuchDeviceError} when there is no adapter, or the camera is not heard
 * @throws {ConnectionError} when the adapter cannot be used or the camera cannot be connected to
 * @throws {ProtocolError} when the device is no camera
 */
export async function openBle(target: string, choice: AdapterChoice = {}): Promise<SmpTransport> {
	const adapter = await BleAdapter.acquire(choice);
	try {
		return await adapter.alone(() => connect(adapter, target, choice));
	} catch (error) {
		adapter.release();
		throw error;
	}
}

async function connect(adapter: BleAdapter, target: string, choice: AdapterChoice): Promise<SmpTransport> {
	const { signal, patience = 1 } = choice;
	const peripheral = await findCamera(adapter, target, choice);
	const lost = new AbortController();
	const onDisconnect = (reason: unknown): void => lost.abort(linkLost(target, reason));
	peripheral.once("disconnect", onDisconnect);
	const bounds = (ms: number, what: string) => ({
		ms: ms * patience,
		late: () => tooLate(target, what),
		signals: [signal, adapter.fault, lost.signal],
	});
	try {
		await guarded(
			() => peripheral.connectAsync({ mtu: PREFERRED_MTU, ...CONNECTION }),
			bounds(CONNECT_TIME, "connect"),
		);
		const found = await guarded(
			() => peripheral.discoverSomeServicesAndCharacteristicsAsync([SERVICE_UUID], [CHARACTERISTIC_UUID]),
			bounds(DISCOVER_TIME, "list its services"),
		);
		const [characteristic] = found.characteristics;
		if (characteristic === undefined)
			throw new ProtocolError(`${target} is no camera: it has no SMP characteristic`, {
				hint: "`bodycam list --ble` shows the cameras that are heard.",
			});
		const mtu = agreedMtu(target, peripheral.mtu);
		await guarded(() => characteristic.subscribeAsync(), bounds(SUBSCRIBE_TIME, "send its answers"));
		// A transport gives the adapter back when it ends, so there is none before it is open.
		for (const ended of [lost.signal, adapter.fault]) ended.throwIfAborted();
		return new BleTransport({ target, adapter, peripheral, characteristic, mtu, lost: lost.signal });
	} catch (error) {
		await hangUp(peripheral, adapter);
		throw error instanceof Error && "exitCode" in error ? error : failed(target, error, signal);
	}
}

interface BleParts {
	readonly target: string;
	readonly adapter: BleAdapter;
	readonly peripheral: NoblePeripheral;
	readonly characteristic: NobleCharacteristic;
	readonly mtu: number;
	readonly lost: AbortSignal;
}

class BleTransport implements SmpTransport {
	readonly address: string;
	readonly maxPacket = LARGEST_PACKET;
	readonly packetRate = SLOWEST_RATE;
	readonly #parts: BleParts;
	readonly #window = new WriteWindow(WINDOW);
	readonly #assembler: PacketAssembler;
	readonly #onData: (value: Buffer) => void;
	#listener: TransportListener | undefined;
	#turn: Promise<unknown> = Promise.resolve();
	#ended: BodycamError | true | undefined;

	constructor(parts: BleParts) {
		this.#parts = parts;
		this.address = `ble:${parts.target}`;
		this.#assembler = new PacketAssembler((packet) => {
			this.#window.answered();
			this.#listener?.packet(packet);
		});
		this.#onData = (value) => this.#assembler.push(value);
		parts.characteristic.on("data", this.#onData);
		for (const signal of [parts.lost, parts.adapter.fault])
			signal.addEventListener("abort", () => void this.#end(signal.reason as BodycamError), { once: true });
	}

	listen(listener: TransportListener): void {
		this.#listener = listener;
	}

	/** A packet's parts are written one after another: those of two packets must not mix. */
	send(packet: Uint8Array): Promise<void> {
		const mine = this.#turn.then(() => this.#write(packet));
		this.#turn = mine.catch(() => undefined);
		return mine;
	}

	async close(): Promise<void> {
		await this.#end(undefined);
	}

	async #write(packet: Uint8Array): Promise<void> {
		this.#checkOpen();
		await this.#window.take(packet.length);
		this.#checkOpen();
		const { characteristic, mtu } = this.#parts;
		const room = mtu - ATT_HEADER_OCTETS;
		for (let at = 0; at < packet.length; at += room)
			characteristic.write(Buffer.from(packet.slice(at, at + room)), true);
	}

	#checkOpen(): void {
		if (this.#ended === true) throw new ConnectionError(`the connection to ${this.address} was closed`);
		if (this.#ended !== undefined) throw this.#ended;
	}

	async #end(error: BodycamError | undefined): Promise<void> {
		if (this.#ended !== undefined) return;
		this.#ended = error ?? true;
		this.#window.clear();
		const { characteristic, peripheral, adapter } = this.#parts;
		characteristic.off("data", this.#onData);
		await hangUp(peripheral, adapter);
		adapter.release();
		this.#listener?.closed(error);
	}
}

/** Ends a connection, or the attempt to make one; gives up when nothing comes of that either. */
async function hangUp(peripheral: NoblePeripheral, adapter: BleAdapter): Promise<void> {
	if (adapter.fault.aborted) return;
	try {
		if (peripheral.state === "connecting") {
			// It emits the failure of the attempt, which nobody waits for any more.
			peripheral.cancelConnect();
		} else if (peripheral.state === "connected")
			await guarded(() => peripheral.disconnectAsync(), {
				ms: DISCONNECT_TIME,
				late: () => tooLate("", "disconnect"),
				signals: [adapter.fault],
			});
	} catch {
		// The other end notices by the supervision timeout.
	}
}

function linkLost(target: string, reason: unknown): BodycamError {
	const known = typeof reason === "number" ? (REASONS[reason] ?? `HCI error ${reason}`) : String(reason);
	const remedy =
		reason === HARDWARE_FAILURE
			? "Plug the adapter in or start the simulator again"
			: "Go nearer and check that the camera is on";
	return new ConnectionError(`the Bluetooth link to ${target} was lost: ${known}`, {
		hint: `${remedy}, then run the command again: a transfer goes on where it stopped, an upload only if the camera was not restarted.`,
	});
}

function tooLate(target: string, what: string): BodycamError {
	return new ConnectionError(`the camera ${target} did not ${what} in time`, {
		hint: "Go nearer, or switch the camera off and on. It may be connected to somebody else.",
	});
}

function failed(target: string, error: unknown, signal: AbortSignal | undefined): unknown {
	if (signal?.aborted) return signal.reason;
	const reason = error instanceof Error ? error.message : String(error);
	return new ConnectionError(`the camera ${target} cannot be connected to: ${reason}`, {
		hint: "Go nearer and check that the camera is on, then try again.",
		cause: error,
	});
}
