import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { afterEach, describe, expect, it } from "vitest";
import { PtyPort } from "./pty-port.ts";

// serialport is what the tools open the line with; it is theirs, so it is not imported by name here.
const { SerialPort } = createRequire(import.meta.url)("serialport") as {
	SerialPort: new (options: {
		path: string;
		baudRate: number;
		autoOpen: boolean;
	}) => NodeJS.EventEmitter & {
		open(callback: (error: Error | null) => void): void;
		write(bytes: Uint8Array): boolean;
		close(callback: () => void): void;
	};
};

let port: PtyPort | undefined;
afterEach(() => port?.close());

async function opened(path: string) {
	const serial = new SerialPort({ path, baudRate: 115200, autoOpen: false });
	await new Promise<void>((resolve, reject) => serial.open((error) => (error ? reject(error) : resolve())));
	return serial;
}

/** All 256 byte values, again and again. */
function pattern(length: number): Uint8Array {
	return Uint8Array.from({ length }, (_value, index) => (index * 7 + (index >> 8)) & 0xff);
}

/** Descriptors of this process that lead to terminals. */
function terminals(): string[] {
	return readdirSync("/proc/self/fd").flatMap((descriptor) => {
		try {
			const target = readlinkSync(`/proc/self/fd/${descriptor}`);
			return /^\/dev\/(pts\/\d|ptmx)/.test(target) ? [target] : [];
		} catch {
			// That of the directory itself.
			return [];
		}
	});
}

describe("PtyPort", () => {
	it.runIf(process.platform === "linux")("leaves no descriptor open when it is closed", async () => {
		const before = terminals();
		port = new PtyPort();
		port.connect({ received: () => undefined, carrier: () => undefined });
		expect(terminals().length).toBe(before.length + 2);
		port.close();
		await expect.poll(terminals).toEqual(before);
	});

	it("carries every byte value in both directions, more than the line holds", async () => {
		const made = new PtyPort();
		port = made;
		made.connect({
			received: (bytes) => made.write(bytes.slice(), () => undefined),
			carrier: () => undefined,
		});
		const serial = await opened(made.path);
		const sent = pattern(300_000);
		const chunks: Uint8Array[] = [];
		let length = 0;
		serial.write(sent);
		while (length < sent.length) {
			const [chunk] = (await once(serial, "data")) as [Uint8Array];
			chunks.push(chunk);
			length += chunk.length;
		}
		await new Promise<void>((resolve) => serial.close(resolve));
		expect(Buffer.compare(Buffer.concat(chunks), sent)).toBe(0);
	});

	it("can be opened again after the other side closed it", async () => {
		const made = new PtyPort();
		port = made;
		const heard: string[] = [];
		made.connect({
			received: (bytes) => heard.push(Buffer.from(bytes).toString()),
			carrier: () => undefined,
		});
		const first = await opened(made.path);
		await new Promise<void>((resolve) => first.close(resolve));
		const second = await opened(made.path);
		made.write(Buffer.from("hello"), () => undefined);
		const [bytes] = (await once(second, "data")) as [Uint8Array];
		await new Promise<void>((resolve) => second.close(resolve));
		expect(Buffer.from(bytes).toString()).toBe("hello");
		expect(heard).toEqual([]);
	});

	it("refuses to replace a file by its link", () => {
		expect(() => new PtyPort(new URL(import.meta.url).pathname)).toThrow(/not a symbolic link/);
	});
});
