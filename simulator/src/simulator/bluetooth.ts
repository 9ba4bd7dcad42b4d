import type { BytePort } from "../ports/byte-port.ts";
import { PtyPort } from "../ports/pty-port.ts";
import { SocketPort } from "../ports/socket-port.ts";
import { INTERVAL_UNIT } from "../radio/air/airtime.ts";
import { VirtualRadio } from "../radio/air/radio.ts";
import { VirtualController } from "../radio/controller/controller.ts";
import { SnoopFile } from "../radio/snoop/snoop-file.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { World } from "../world/world.ts";

/** Bluetooth of a simulator; everything has a default. */
export interface BluetoothOptions {
	/** Adapters on pseudo-terminals, each for one program at a time; 1. */
	readonly ports?: number | undefined;
	/** Path of a Unix socket for one more adapter. */
	readonly socket?: string | undefined;
	/** File for a log of what goes over the HCI ports; of several, the second is called FILE-2. */
	readonly snoop?: string | undefined;
	/** True for adapters that know extended advertising. */
	readonly extended?: boolean | undefined;
	/** Told where a snoop log cannot be written on. */
	readonly incomplete?: ((reason: string) => void) | undefined;
}

/** Most adapters of a simulator. */
const MAXIMUM_PORTS = 16;

/** What can be set of the radio while it runs; what is undefined stays as it is. New connections have it. */
export interface RadioSetting {
	/** Connection interval that adapters choose where program and camera leave them a choice, ms. */
	readonly intervalMs?: number | undefined;
	/** Packets in each direction an event has room for; 0 for as many as its time allows. */
	readonly packetsPerEvent?: number | undefined;
}

/** The Bluetooth adapters of a simulator, and the air they share with its cameras. */
export class Bluetooth {
	/** The air. */
	readonly radio: VirtualRadio;
	/** Paths of the HCI ports. */
	readonly ports: readonly string[];
	/** Path of the Unix socket. */
	readonly socket: string | undefined;
	readonly #controllers: readonly VirtualController[];
	readonly #snoops: readonly SnoopFile[];

	private constructor(world: World, lines: readonly Line[], options: BluetoothOptions, seeded: boolean) {
		this.radio = new VirtualRadio(world);
		this.ports = lines.filter(({ port }) => port instanceof PtyPort).map(({ path }) => path);
		this.socket = lines.find(({ port }) => port instanceof SocketPort)?.path;
		const { snoop, incomplete = (reason) => process.emitWarning(reason) } = options;
		const now = seeded ? () => world.now : () => Date.now() * 1000;
		this.#snoops =
			snoop === undefined
				? []
				: lines.map((_, index) => new SnoopFile(numbered(snoop, index), now, incomplete));
		this.#controllers = lines.map(
			({ port }, index) =>
				new VirtualController(port, {
					radio: this.radio,
					address: adapterAddress(index),
					extended: options.extended,
					snoop: (packet, toHost) => this.#snoops[index]?.add(packet, toHost),
				}),
		);
	}

	/**
	 * Opens the ports.
	 * @param seeded - true where time is the world's own in the logs too
	 * @throws SimulatorError for too many ports, or where one of them or a log cannot be opened
	 */
	static async open(world: World, options: BluetoothOptions, seeded: boolean): Promise<Bluetooth> {
		const { ports = 1, socket } = options;
		if (!Number.isInteger(ports) || ports < 1 || ports > MAXIMUM_PORTS)
			throw new SimulatorError(`there are 1 to ${MAXIMUM_PORTS} HCI ports, not ${ports}`, undefined, 2);
		const lines: Line[] = [];
		try {
			for (let index = 0; index < ports; index++) {
				const port = new PtyPort();
				lines.push({ port, path: port.path });
			}
			if (socket !== undefined) lines.push({ port: await SocketPort.open(socket), path: socket });
			return new Bluetooth(world, lines, options, seeded);
		} catch (error) {
			for (const { port } of lines) port.close();
			throw error;
		}
	}

	/** Changes what new connections run with. */
	set({ intervalMs, packetsPerEvent }: RadioSetting): void {
		if (packetsPerEvent !== undefined) this.radio.packetsPerEvent = packetsPerEvent || Infinity;
		if (intervalMs === undefined) return;
		const interval = Math.round((intervalMs * 1000) / INTERVAL_UNIT);
		for (const controller of this.#controllers) controller.preferredInterval = interval;
	}

	/** Closes the ports and ends the logs. Idempotent. */
	close(): void {
		for (const controller of this.#controllers) controller.close();
		for (const snoop of this.#snoops) snoop.close();
	}
}

interface Line {
	readonly port: BytePort;
	readonly path: string;
}

function numbered(file: string, index: number): string {
	return index === 0 ? file : `${file}-${index + 1}`;
}

function adapterAddress(index: number): string {
	return `00:00:00:00:01:${index.toString(16).padStart(2, "0")}`;
}
