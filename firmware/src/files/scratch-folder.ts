import { FileError, type Folder, type OpenFile } from "./file-tree.ts";

/** Most bytes of all files together. */
export const SCRATCH_BYTES = 16 * 1024;

/** Most files. */
export const SCRATCH_FILES = 8;

const NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,31}$/;

/** Files in memory for whoever is connected; a restart empties it. */
export class ScratchFolder implements Folder {
	private readonly files = new Map<string, Uint8Array>();

	list(): readonly string[] {
		return [...this.files.keys()];
	}

	open(name: string): OpenFile | undefined {
		const bytes = this.files.get(name);
		if (bytes === undefined) return undefined;
		return { length: bytes.length, read: (offset, length) => bytes.slice(offset, offset + length) };
	}

	write(name: string, offset: number, data: Uint8Array, announced: number | undefined): number {
		if (!NAME.test(name))
			throw new FileError(
				"invalid-name",
				"names have 1 to 32 letters, digits, dots, hyphens and underscores",
			);
		const before = this.files.get(name);
		const kept = offset === 0 ? new Uint8Array(0) : (before ?? new Uint8Array(0));
		if (offset !== kept.length)
			throw new FileError("wrong-offset", `${name} has ${kept.length} bytes`, kept.length);
		const room = SCRATCH_BYTES - this.used() + (before?.length ?? 0);
		if (Math.max(announced ?? 0, kept.length + data.length) > room)
			throw new FileError("full", `the scratch folder has room for ${room} bytes`);
		if (before === undefined && this.files.size >= SCRATCH_FILES)
			throw new FileError("full", `the scratch folder holds ${SCRATCH_FILES} files at most`);
		const bytes = new Uint8Array(kept.length + data.length);
		bytes.set(kept);
		bytes.set(data, kept.length);
		this.files.set(name, bytes);
		return bytes.length;
	}

	private used(): number {
		let bytes = 0;
		for (const file of this.files.values()) bytes += file.length;
		return bytes;
	}
}
