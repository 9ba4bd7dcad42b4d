import { type FileHandle, open, readFile, realpath } from "node:fs/promises";
import { basename } from "node:path";
import { CardError, type CardSource } from "@bodycam/protocol/card/reader";
import { UsageError } from "../errors.ts";

const SECTOR_BYTES = 512;

/** A card, the image of one, or another file of sectors, opened for reading. */
export interface CardFile {
	/** Its sectors. */
	readonly source: CardSource;
	/** Closes it. */
	close(): Promise<void>;
}

/**
 * Opens a file or a block device.
 * @param hint - what to give instead when it cannot be opened
 * @throws {UsageError} when it cannot be opened
 */
export async function openCardFile(path: string, hint: string): Promise<CardFile> {
	const file = await open(path, "r").catch((error: NodeJS.ErrnoException) => {
		throw new UsageError(`${path}: ${systemReason(error)}`, { hint, cause: error });
	});
	try {
		if ((await file.stat()).isDirectory()) throw new UsageError(`${path} is a directory`, { hint });
		return { source: await sectorsOf(path, file), close: () => file.close() };
	} catch (error) {
		await file.close();
		throw error;
	}
}

async function sectorsOf(path: string, file: FileHandle): Promise<CardSource> {
	const stat = await file.stat();
	const bytes = stat.isBlockDevice() ? await deviceBytes(path) : stat.size;
	return {
		sectors: Math.floor(bytes / SECTOR_BYTES),
		async read(sector, count) {
			const buffer = new Uint8Array(count * SECTOR_BYTES);
			let at = 0;
			while (at < buffer.length) {
				const { bytesRead } = await file
					.read(buffer, at, buffer.length - at, sector * SECTOR_BYTES + at)
					.catch((error: NodeJS.ErrnoException) => {
						if (error.code !== "EIO") throw error;
						throw new CardError("damaged", `sectors ${sector} to ${sector + count - 1} cannot be read`);
					});
				if (bytesRead === 0)
					throw new CardError("damaged", "the image is shorter than it was when it was opened");
				at += bytesRead;
			}
			return buffer;
		},
	};
}

/** Linux tells the size of a block device in sectors of 512 bytes, whatever its own are. */
async function deviceBytes(path: string): Promise<number> {
	const name = basename(await realpath(path));
	return Number(await readFile(`/sys/class/block/${name}/size`, "utf8")) * SECTOR_BYTES;
}

/** What the system says when an image cannot be opened or read, in words. */
function systemReason(error: NodeJS.ErrnoException): string {
	switch (error.code) {
		case "ENOENT":
			return "there is no such file";
		case "ENOTDIR":
			return "a part of the path is not a directory";
		case "EACCES":
		case "EPERM":
			return "it may not be read: permission denied";
		default:
			return error.message;
	}
}
