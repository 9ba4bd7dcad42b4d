import { renameSync, writeFileSync } from "node:fs";
import process from "node:process";

/** Counts the files of this process, so that two at the same time do not share a name. */
let count = 0;

/** Puts a file in place at once, so that whoever reads meanwhile sees the old or the new one. */
export function publish(file: string, content: Uint8Array | string): void {
	const temporary = `${file}.${process.pid}.${count++}.tmp`;
	writeFileSync(temporary, content);
	renameSync(temporary, file);
}
