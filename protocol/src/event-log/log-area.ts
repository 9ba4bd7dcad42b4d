import { CardError, type CardSource, findSuperblock } from "../card/reader.ts";
import { SECTOR } from "../card/superblock.ts";
import type { LogSource } from "./reader.ts";

/**
 * The event log of a card or of its image.
 * @throws {CardError} `no-store` when no camera has formatted it
 */
export async function logOfCard(source: CardSource): Promise<LogSource> {
	const { identity, logStart, logSectors } = await findSuperblock(source);
	const sectors = Math.min(logSectors, source.sectors - logStart);
	if (sectors <= 0) throw new CardError("damaged", "the image ends before the event log");
	return {
		bytes: sectors * SECTOR,
		identity,
		read: (offset, length) => source.read(logStart + offset / SECTOR, length / SECTOR),
	};
}
