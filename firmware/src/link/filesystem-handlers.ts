import { GroupError, type GroupErrorDeclaration, SmpError } from "@bodycam/protocol/smp/errors";
import {
	FilesystemError,
	fileClose,
	fileHash,
	fileHashTypes,
	fileRead,
	fileStatus,
	fileWrite,
} from "@bodycam/protocol/smp/filesystem";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import { FileError, type FileErrorCode, type FileTree, type OpenFile } from "../files/file-tree.ts";
import { type MediaMemory, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import { READ_BYTES } from "./limits.ts";
import type { ReadBuffers } from "./read-buffers.ts";

/** What the handlers of the filesystem group need. */
export interface FilesystemServices {
	/** The files. */
	readonly files: FileTree;
	/** Media memory. */
	readonly memory: MediaMemory;
	/** Where files are hashed. */
	readonly buffers: ReadBuffers;
}

/** Most bytes that are hashed for one request. */
const HASH_MAX = 1024 * 1024;

const HASH_TYPES = { crc32: { format: 0, size: 4 }, sha256: { format: 1, size: 32 } } as const;

const ERRORS: Readonly<Record<FileErrorCode, GroupErrorDeclaration>> = {
	"invalid-name": FilesystemError.invalidName,
	"not-found": FilesystemError.notFound,
	directory: FilesystemError.isDirectory,
	"no-folder": FilesystemError.noMountPoint,
	"read-only": FilesystemError.readOnly,
	full: FilesystemError.writeFailed,
	"wrong-offset": FilesystemError.offsetNotValid,
	"read-failed": FilesystemError.readFailed,
};

/** Answers the filesystem group, as Zephyr's `fs_mgmt` does. */
export function registerFilesystemHandlers(server: SmpServer, services: FilesystemServices): void {
	const { files } = services;
	/** The file that is being read from the beginning to the end: it stays what it was at the beginning. */
	let reading: { readonly path: string; readonly file: OpenFile } | undefined;
	/** Files are hashed one after the other: each needs a buffer, and its file may need another. */
	let hashing: Promise<unknown> = Promise.resolve();

	server.register(fileRead, ({ name, off }) =>
		answering(async () => {
			requireName(name);
			const file = off > 0 && reading?.path === name ? reading.file : await files.open(name);
			const data = await file.read(off, Math.min(READ_BYTES, Math.max(0, file.length - off)));
			reading = off + data.length < file.length ? { path: name, file } : undefined;
			return off === 0 ? { off, data, len: file.length } : { off, data };
		}),
	);
	server.register(fileWrite, ({ name, off, data, len }) =>
		answering(() => {
			requireName(name);
			if (off === 0 && len === undefined) throw new SmpError(ReturnCode.invalid, "len is missing");
			return { off: files.write(name, off, data, len) };
		}),
	);
	server.register(fileStatus, ({ name }) =>
		answering(async () => {
			requireName(name);
			return { len: (await files.open(name)).length };
		}),
	);
	server.register(fileHash, ({ name, type = "crc32", off = 0, len }) =>
		answering(async () => {
			requireName(name);
			if (type !== "crc32" && type !== "sha256") throw new GroupError(FilesystemError.hashNotFound);
			const file = await files.open(name);
			if (file.length === 0) throw new GroupError(FilesystemError.empty);
			if (off >= file.length) throw new GroupError(FilesystemError.offsetTooLarge);
			const length = Math.min(len ?? file.length, file.length - off);
			if (length > HASH_MAX)
				throw new SmpError(ReturnCode.invalid, `at most ${HASH_MAX} bytes are hashed at once: give len`);
			const result = hashing.then(() => hash(services, file, off, length, type));
			hashing = result.catch(() => undefined);
			const output = await result;
			return off === 0 ? { type, len: length, output } : { type, off, len: length, output };
		}),
	);
	server.register(fileHashTypes, () => ({ types: HASH_TYPES }));
	server.register(fileClose, () => {
		reading = undefined;
		return {};
	});
}

/** @throws {SmpError} when it is empty */
function requireName(name: string): void {
	if (name === "") throw new SmpError(ReturnCode.invalid, "name is empty");
}

async function hash(
	{ memory, buffers }: FilesystemServices,
	file: OpenFile,
	from: number,
	length: number,
	type: "crc32" | "sha256",
): Promise<number | Uint8Array> {
	const buffer = await buffers.take();
	try {
		const context = Math.ceil(buffer / 8) * 8;
		const window = context + SHA256_CONTEXT_BYTES;
		const size = buffer + buffers.size - window;
		let crc = 0;
		memory.sha256Begin(context);
		for (let done = 0; done < length; ) {
			const data = await file.read(from + done, Math.min(size, length - done));
			if (data.length === 0) throw new FileError("read-failed", "the file has become shorter");
			new Uint8Array(memory.memory, window, data.length).set(data);
			if (type === "crc32") crc = memory.crc32(window, data.length, crc);
			else memory.sha256Update(context, window, data.length);
			done += data.length;
		}
		memory.sha256End(context, window);
		return type === "crc32" ? crc >>> 0 : new Uint8Array(memory.memory, window, 32).slice();
	} finally {
		buffers.give(buffer);
	}
}

/** What the files answer, their errors as those of the group. */
async function answering<T>(request: () => T | Promise<T>): Promise<T> {
	try {
		return await request();
	} catch (error) {
		if (!(error instanceof FileError)) throw error;
		const members = error.code === "wrong-offset" ? { len: error.length } : {};
		// What the code says already is not said again: Zephyr's answers have no text.
		const reason = error.code === "full" || error.code === "read-failed" ? error.message : undefined;
		throw new GroupError(ERRORS[error.code], reason, members);
	}
}
