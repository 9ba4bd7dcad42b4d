import type { SegmentHeader } from "@bodycam/protocol/card/segment";

/** Segments remembered: the neighbourhoods of several readers, each with the segment before. */
const MARKS = 16;

/** A segment and where it lies. */
export interface SegmentMark {
	/** Its header. */
	readonly header: SegmentHeader;
	/** Its first sector. */
	readonly place: number;
}

/**
 * The segments that reads ended up in last, so that readers at several places of a recording each go on from near
 * where they were. The one that was not used for longest makes room.
 */
export class SegmentIndex {
	private readonly marks: SegmentMark[] = [];

	/** The last remembered segment of a recording that begins early enough. */
	before(number: number, isEarly: (header: SegmentHeader) => boolean): SegmentMark | undefined {
		let best: SegmentMark | undefined;
		for (const mark of this.marks) {
			const { header } = mark;
			if (header.number !== number || !isEarly(header)) continue;
			if (best === undefined || header.index > best.header.index) best = mark;
		}
		return best;
	}

	/** Remembers a segment as the one used last. */
	use(mark: SegmentMark): void {
		const { number, index } = mark.header;
		const { marks } = this;
		const known = marks.findIndex(({ header }) => header.number === number && header.index === index);
		if (known >= 0) marks.splice(known, 1);
		else if (marks.length >= MARKS) marks.shift();
		marks.push(mark);
	}

	/** Forgets all. */
	clear(): void {
		this.marks.length = 0;
	}
}
