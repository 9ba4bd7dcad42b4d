import { cardBytes } from "@bodycam/protocol/card/card-bytes";
import { CardError, CardReader, type CardRecording, type CardSource } from "@bodycam/protocol/card/reader";
import { MAX_BLOCK_SECTORS, mayBeBlock } from "@bodycam/protocol/event-log/block";
import { logOfCard } from "@bodycam/protocol/event-log/log-area";
import type { LogSource } from "@bodycam/protocol/event-log/reader";
import { BodycamError, UsageError } from "../../errors.ts";
import { type CardFile, openCardFile } from "../card-file.ts";

const SECTOR_BYTES = 512;

/** An event log in a file: on a card, in the image of one, or exported. */
export interface LogFile {
	/** Its bytes. */
	readonly source: LogSource;
	/** Whether it was exported, and so has to end with an empty block. */
	readonly exported: boolean;
	/** The recordings beside it on the card; empty for an exported one. */
	readonly recordings: readonly CardRecording[];
	/** Closes the file. */
	close(): Promise<void>;
}

/**
 * Opens an exported event log, a card, or the image of one.
 * @throws {UsageError} when there is no such file
 * @throws {BodycamError} when it holds no event log
 */
export async function openLogFile(path: string): Promise<LogFile> {
	const file = await openCardFile(path, "Give an exported event log, a card, or the image of one.");
	try {
		return await openLog(path, file);
	} catch (error) {
		await file.close();
		if (!(error instanceof CardError)) throw error;
		throw new BodycamError(`${path}: there is no event log in it (${error.message})`, {
			hint: "Give what `bodycam events export` has written, or a whole card or its image, not a partition of it.",
			cause: error,
		});
	}
}

async function openLog(path: string, file: CardFile): Promise<LogFile> {
	const { source: card } = file;
	if (card.sectors === 0) throw new UsageError(`${path}: the file is empty or shorter than one block`);
	const close = () => file.close();
	if (await beginsWithBlocks(card)) {
		const source: LogSource = {
			bytes: card.sectors * SECTOR_BYTES,
			identity: undefined,
			read: (offset, length) => card.read(offset / SECTOR_BYTES, length / SECTOR_BYTES),
		};
		return { source, exported: true, recordings: [], close };
	}
	const source = await logOfCard(card);
	const { recordings } = await CardReader.open(card);
	return { source, exported: false, recordings, close };
}

/** Whether it is an exported log: a block is in its first sectors, also when the very first is damaged. */
async function beginsWithBlocks(card: CardSource): Promise<boolean> {
	const count = Math.min(2 * MAX_BLOCK_SECTORS, card.sectors);
	const bytes = cardBytes(await card.read(0, count));
	for (let sector = 0; sector < count; sector++) if (mayBeBlock(bytes, sector * SECTOR_BYTES)) return true;
	return false;
}
