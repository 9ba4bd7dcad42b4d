/** What a request for a file failed of. */
export type FileErrorCode =
	| "invalid-name"
	| "not-found"
	| "directory"
	| "no-folder"
	| "read-only"
	| "full"
	| "wrong-offset"
	| "read-failed";

/** A file that cannot be read or written. */
export class FileError extends Error {
	override readonly name = "FileError";
	/** What it failed of. */
	readonly code: FileErrorCode;
	/** Length of the file; with `wrong-offset`. */
	readonly length: number;

	/** @param code - what it failed of @param message - in words @param length - of the file */
	constructor(code: FileErrorCode, message: string, length = 0) {
		super(message);
		this.code = code;
		this.length = length;
	}
}

/** A file as it is at this moment. */
export interface OpenFile {
	/** Bytes. */
	readonly length: number;
	/**
	 * Reads bytes that are there: a copy.
	 * @throws {FileError} `read-failed`
	 */
	read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
}

/** A folder: files without folders in them. */
export interface Folder {
	/** Names of its files. */
	list(): readonly string[];
	/** Opens a file; undefined when there is none of that name. @throws {FileError} `read-failed` */
	open(name: string): OpenFile | undefined | Promise<OpenFile | undefined>;
	/**
	 * Writes bytes at the end of a file; at 0 it begins anew. Without it the folder is read-only.
	 * @param announced - bytes the file will have; known when it begins
	 * @returns its length then
	 * @throws {FileError} `invalid-name`, `wrong-offset`, `full`
	 */
	write?(name: string, offset: number, data: Uint8Array, announced: number | undefined): number;
}

/** Folders by their names, one level deep: `/recordings/1.cbor` is `1.cbor` in `recordings`. */
export class FileTree {
	private readonly folders: ReadonlyMap<string, Folder>;

	/** @param folders - by name */
	constructor(folders: ReadonlyMap<string, Folder>) {
		this.folders = folders;
	}

	/** Names of the folders, or of the files of one. @throws {FileError} `no-folder` */
	list(folder: string): readonly string[] {
		const name = folder.replace(/^\/|\/$/g, "");
		if (name === "") return [...this.folders.keys()].map((key) => `${key}/`);
		const found = this.folders.get(name);
		if (found === undefined) throw new FileError("no-folder", `there is no folder ${name}`);
		return found.list();
	}

	/** Opens a file to be read. @throws {FileError} `invalid-name`, `not-found`, `directory`, `read-failed` */
	async open(path: string): Promise<OpenFile> {
		const { folder, name } = takeApart(path);
		const found = this.folders.get(folder);
		if (name === "" && (found !== undefined || folder === ""))
			throw new FileError("directory", `${path} is a folder`);
		const file = await found?.open(name);
		if (file === undefined) throw new FileError("not-found", `there is no file ${path}`);
		return file;
	}

	/** Writes to a file. @throws {FileError} as `Folder.write` does, and `no-folder`, `read-only`, `directory` */
	write(path: string, offset: number, data: Uint8Array, announced: number | undefined): number {
		const { folder, name } = takeApart(path);
		const found = this.folders.get(folder);
		if (found === undefined) throw new FileError("no-folder", `there is no folder for ${path}`);
		if (name === "") throw new FileError("directory", `${path} is a folder`);
		if (found.write === undefined) throw new FileError("read-only", `the folder of ${path} is read-only`);
		return found.write(name, offset, data, announced);
	}
}

function takeApart(path: string): { folder: string; name: string } {
	const [root, folder = "", name = "", ...deeper] = path.split("/");
	if (root !== "" || deeper.length > 0)
		throw new FileError("invalid-name", "a path is /FOLDER/FILE, and no deeper");
	return { folder, name };
}
