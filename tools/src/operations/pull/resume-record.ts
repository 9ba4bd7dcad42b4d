import { readFile, rename, rm, writeFile } from "node:fs/promises";

/** What is kept beside a half-received file so that a later pull can go on with it. */
export interface ResumeRecord {
	/** Serial number of the camera. */
	readonly device: string;
	/** Number of the recording. */
	readonly number: number;
	/** Length of the recording. */
	readonly bytes: number;
	/** SHA-256 of the recording, hexadecimal. */
	readonly sha256: string;
	/** Bytes from the start that are on the disk. */
	readonly received: number;
}

/** Which recording a half-received file must be of. */
export type ResumeKey = Omit<ResumeRecord, "received">;

/** The file next to `part`. */
export function resumeRecordFile(part: string): string {
	return `${part}.json`;
}

/** Writes the record; the former one stays whole until the new one is, and nothing else stays when that fails. */
export async function writeResumeRecord(part: string, record: ResumeRecord): Promise<void> {
	const file = resumeRecordFile(part);
	try {
		await writeFile(`${file}.new`, JSON.stringify(record));
		await rename(`${file}.new`, file);
	} catch (error) {
		await rm(`${file}.new`, { force: true });
		throw error;
	}
}

/** Bytes of `part` that can be kept: 0 when there is no record, it is of another recording, or it is damaged. */
export async function readResumePoint(part: string, key: ResumeKey, partBytes: number): Promise<number> {
	let record: Partial<Record<keyof ResumeRecord, unknown>> | null;
	try {
		record = JSON.parse(await readFile(resumeRecordFile(part), "utf8"));
	} catch {
		return 0;
	}
	const same =
		record?.device === key.device &&
		record.number === key.number &&
		record.bytes === key.bytes &&
		record.sha256 === key.sha256;
	const received = record?.received;
	if (!same || typeof received !== "number" || !Number.isSafeInteger(received) || received < 0) return 0;
	return received <= Math.min(partBytes, key.bytes) ? received : 0;
}

/** Removes the record, if it is there. */
export async function removeResumeRecord(part: string): Promise<void> {
	await rm(resumeRecordFile(part), { force: true });
}
