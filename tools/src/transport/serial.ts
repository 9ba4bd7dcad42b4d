import { type BodycamError, ConnectionError, NoSuchDeviceError } from "../errors.ts";
import { LINE_PACKET_MAX, LineCodec, packetRate } from "./line-framing.ts";
import type { SmpTransport, TransportListener } from "./transport.ts";

type Port = InstanceType<typeof import("serialport").SerialPort>;

/** Which framing is spoken on a serial port: `auto` asks the camera whether it understands binary frames. */
export type FramingChoice = "auto" | "console";

/**
 * Opens a serial port and speaks SMP on it. The port is locked against other programs; what is on it besides packets
 * goes to `text`. `serialport` is loaded only here.
 * @throws {NoSuchDeviceError} when there is no such port
 * @throws {ConnectionError} when it cannot be opened
 */
export async function openSerial(
	path: string,
	baudRate: number,
	framing: FramingChoice = "auto",
): Promise<SmpTransport> {
	const { SerialPort } = await import("serialport");
	const port = new SerialPort({ path, baudRate, autoOpen: false, lock: true });
	await new Promise<void>((resolve, reject) => {
		port.open((error) => (error ? reject(openError(path, error)) : resolve()));
	});
	// Some USB devices send only to a host that is there. A PTY has no such line and says ENOTTY: that is fine.
	await new Promise<void>((resolve) => port.set({ dtr: true, rts: true }, () => resolve()));
	const transport = new SerialTransport(path, baudRate, port);
	if (framing === "auto") await transport.negotiate();
	return transport;
}

class SerialTransport implements SmpTransport {
	readonly address: string;
	readonly maxPacket = LINE_PACKET_MAX;
	readonly #port: Port;
	readonly #path: string;
	readonly #baudRate: number;
	readonly #codec: LineCodec;
	#listener: TransportListener | undefined;
	#failure: BodycamError | undefined;

	constructor(path: string, baudRate: number, port: Port) {
		this.address = `serial:${path}`;
		this.#path = path;
		this.#port = port;
		this.#baudRate = baudRate;
		this.#codec = new LineCodec({
			write: (bytes) => void port.write(Buffer.from(bytes)),
			onPacket: (packet) => this.#listener?.packet(packet),
			onText: (text) => this.#text(text),
		});
		port.on("data", (bytes: Uint8Array) => this.#codec.received(bytes));
		port.on("error", (error) => {
			this.#failure ??= this.#lost(error);
		});
		port.on("close", (error: Error | null | undefined) => {
			if (error) this.#failure ??= this.#lost(error);
			this.#listener?.closed(this.#failure);
		});
	}

	get packetRate(): number {
		return packetRate(this.#baudRate, this.#codec.framing);
	}

	/** Finds out which framing the camera understands. */
	negotiate(): Promise<void> {
		return this.#codec.negotiate(this.#baudRate);
	}

	listen(listener: TransportListener): void {
		this.#listener = listener;
	}

	send(packet: Uint8Array): Promise<void> {
		return new Promise((resolve, reject) => {
			if (!this.#port.isOpen) reject(this.#failure ?? this.#lost());
			else
				this.#port.write(Buffer.from(this.#codec.encode(packet)), (error) => {
					if (error) reject(this.#lost(error));
					else resolve();
				});
		});
	}

	async close(): Promise<void> {
		if (!this.#port.isOpen) return;
		await new Promise<void>((resolve) => this.#port.close(() => resolve()));
	}

	#text(text: Uint8Array): void {
		const line = Buffer.from(text).toString("utf8").replace(/\r$/, "");
		if (line !== "") this.#listener?.text?.(line);
	}

	#lost(cause?: unknown): ConnectionError {
		return new ConnectionError(`the serial port ${this.#path} went away`, {
			hint: "Check the cable and that the camera is on, then run the command again: a transfer goes on where it stopped, an upload only if the camera was not restarted.",
			cause,
		});
	}
}

/** What it means that a port cannot be opened. @param what - what kind of port it should be */
export function openError(path: string, error: Error, what = "serial port"): BodycamError {
	const { message } = error;
	if (/no such (file|device)|ENOENT|ENXIO|ENODEV|cannot find/i.test(message))
		return new NoSuchDeviceError(`there is no ${what} ${path}`, {
			hint:
				what === "HCI port"
					? "`bodycam sim start --ble` prints the port of a simulated adapter."
					: "Is the camera plugged in and on? `bodycam list` shows the devices that are there.",
			cause: error,
		});
	if (/inappropriate ioctl|ENOTTY|is a directory|EISDIR|not a tty/i.test(message))
		return new NoSuchDeviceError(`${path} is not ${what === "HCI port" ? "an" : "a"} ${what}`, {
			hint: "`bodycam list` shows the serial ports that are there.",
			cause: error,
		});
	if (/lock|EBUSY|resource busy|access denied/i.test(message))
		return new ConnectionError(`the ${what} ${path} is in use by another program`, {
			hint: "Close the program that has it open (a terminal, another pull), then try again.",
			cause: error,
		});
	if (/permission|EACCES/i.test(message))
		return new ConnectionError(`you may not open the ${what} ${path}`, {
			hint: "Add yourself to the group that owns it (`ls -l` shows it, often dialout), then log in again.",
			cause: error,
		});
	return new ConnectionError(`the ${what} ${path} cannot be opened: ${message.replace(/^Error: /, "")}`, {
		hint: "Check that it is a serial port and that the camera is on.",
		cause: error,
	});
}
