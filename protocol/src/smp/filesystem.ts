import { any, bytes, map, optional, text, uint } from "../schema/schema.ts";
import { command } from "./command.ts";
import { declareErrors } from "./errors.ts";
import { ReturnCode } from "./return-code.ts";

/** The standard group for files (Zephyr `smp_group_8.rst`). */
export const FILESYSTEM_GROUP = 8;

/** Most bytes of a path. */
export const FILE_PATH_MAX = 64;

const name = text(FILE_PATH_MAX, { doc: "path of the file, from its root on" });
const offset = uint({ doc: "offset of the first byte" });

/** Reads bytes of a file. */
export const fileRead = command({
	name: "file-read",
	group: FILESYSTEM_GROUP,
	id: 0,
	access: "read",
	role: "technician",
	doc: "Reads bytes of a file; past its end there are none.",
	request: map({ name, off: offset }),
	response: map({
		off: offset,
		data: bytes(0xffff),
		len: optional(uint({ doc: "bytes of the file; when off is 0" })),
	}),
});

/** Writes bytes to a file of the scratch folder. */
export const fileWrite = command({
	name: "file-write",
	group: FILESYSTEM_GROUP,
	id: 0,
	access: "write",
	role: "technician",
	doc: "Writes bytes to a file of the scratch folder, which a restart empties; at 0 it begins anew.",
	request: map({
		name,
		off: offset,
		data: bytes(0xffff),
		len: optional(uint({ doc: "bytes the file will have; needed when off is 0" })),
	}),
	response: map({ off: uint({ doc: "offset to go on with" }) }),
});

/** Tells the length of a file. */
export const fileStatus = command({
	name: "file-status",
	group: FILESYSTEM_GROUP,
	id: 1,
	access: "read",
	role: "technician",
	doc: "Tells the length of a file.",
	request: map({ name }),
	response: map({ len: uint() }),
});

/** Hashes a file, or a part of it. */
export const fileHash = command({
	name: "file-hash",
	group: FILESYSTEM_GROUP,
	id: 2,
	access: "read",
	role: "technician",
	doc: "Hashes a file, or a part of it.",
	request: map({
		name,
		type: optional(text(8, { doc: "crc32 (without a type) or sha256" })),
		off: optional(offset),
		len: optional(uint({ min: 1, doc: "bytes; to the end without it" })),
	}),
	response: map({
		type: text(8),
		off: optional(offset),
		len: uint({ doc: "bytes that were hashed" }),
		output: any({ doc: "a number or a byte string, as the type says" }),
	}),
});

const hashType = map({
	format: uint({ max: 1, doc: "0: a number, 1: a byte string" }),
	size: uint({ doc: "bytes" }),
});

/** Lists the types of hashes. */
export const fileHashTypes = command({
	name: "file-hash-types",
	group: FILESYSTEM_GROUP,
	id: 3,
	access: "read",
	role: "anyone",
	doc: "Lists the types of hashes.",
	request: map({}),
	response: map({ types: map({ crc32: hashType, sha256: hashType }) }),
});

/** Closes the file that is open. */
export const fileClose = command({
	name: "file-close",
	group: FILESYSTEM_GROUP,
	id: 4,
	access: "write",
	role: "technician",
	doc: "Closes the file that was read or written last.",
	request: map({}),
	response: map({}),
});

/** Errors of the filesystem group (Zephyr `fs_mgmt_err_code_t`). */
export const FilesystemError = declareErrors(FILESYSTEM_GROUP, {
	unknown: [1, ReturnCode.unknown, "failed for an unknown reason"],
	invalidName: [2, ReturnCode.invalid, "that is no name of a file"],
	notFound: [3, ReturnCode.noEntry, "there is no such file"],
	isDirectory: [4, ReturnCode.unknown, "that is a folder"],
	readFailed: [7, ReturnCode.unknown, "the file cannot be read"],
	writeFailed: [10, ReturnCode.unknown, "the file cannot be written"],
	offsetNotValid: [11, ReturnCode.unknown, "the file has another length than that"],
	offsetTooLarge: [12, ReturnCode.unknown, "the file ends before that"],
	hashNotFound: [13, ReturnCode.invalid, "there is no such type of hash"],
	noMountPoint: [14, ReturnCode.noEntry, "there is no such folder"],
	readOnly: [15, ReturnCode.unknown, "the folder is read-only"],
	empty: [16, ReturnCode.unknown, "the file is empty"],
});

/** The commands of the filesystem group. */
export const FILESYSTEM_COMMANDS = [
	fileRead,
	fileWrite,
	fileStatus,
	fileHash,
	fileHashTypes,
	fileClose,
] as const;
