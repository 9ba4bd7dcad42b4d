/** A sample of a track. Times in seconds. */
export interface Mp4Sample {
	/** Decode time on the track's own time line. */
	readonly decode: number;
	/** Presentation time on the movie's time line: composition offset added, edit list applied. */
	readonly presentation: number;
	/** Duration. */
	readonly duration: number;
	/** Whether it is a sync sample. */
	readonly sync: boolean;
	/** Index of its fragment. */
	readonly fragment: number;
	/** Its bytes. */
	readonly data: Uint8Array;
}

/** A track. */
export interface Mp4Track {
	readonly id: number;
	/** `vide` or `soun`. */
	readonly handler: string;
	readonly timescale: number;
	/** Media time of the edit, in the track's time scale. */
	readonly mediaTime: number;
	/** Payload of avcC or dOps. */
	readonly configuration: Uint8Array;
	readonly samples: Mp4Sample[];
}

/** What a fragmented MP4 holds. */
export interface Mp4File {
	readonly tracks: readonly Mp4Track[];
	/** Offsets of the moof boxes. */
	readonly fragments: readonly number[];
	/** Entries of the tfra box: media time of the track and moof offset. */
	readonly seekTable: readonly { readonly time: number; readonly moof: number }[];
	/** Types of the boxes at the top. */
	readonly top: readonly string[];
}

interface Box {
	readonly type: string;
	readonly at: number;
	readonly body: number;
	readonly end: number;
}

const CONTAINERS = ["moov", "trak", "edts", "mdia", "minf", "stbl", "mvex", "moof", "traf", "mfra"];

/** Headers of sample entries before their own boxes. */
const ENTRY_HEADERS: Readonly<Record<string, number>> = { avc1: 78, Opus: 28 };

function need(condition: boolean, message: string): asserts condition {
	if (!condition) throw new Error(`MP4: ${message}`);
}

/**
 * Walks a fragmented MP4 and checks on the way that boxes fill their parents, samples lie in the mdat of their
 * fragment and decode times do not go back.
 * @throws {Error} when something is not as it must be
 */
export function inspectMp4(bytes: Uint8Array): Mp4File {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const u32 = (at: number) => view.getUint32(at);
	const u64 = (at: number) => u32(at) * 2 ** 32 + u32(at + 4);
	const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));

	function boxes(from: number, end: number): Box[] {
		const found: Box[] = [];
		let at = from;
		while (at < end) {
			need(at + 8 <= end, `stray bytes at ${at}`);
			const size = u32(at);
			const type = text(at + 4, 4);
			need(size >= 8 && at + size <= end, `box ${type} at ${at} has size ${size}, parent ends at ${end}`);
			found.push({ type, at, body: at + 8, end: at + size });
			at += size;
		}
		return found;
	}
	const child = (parent: Box, ...path: string[]): Box => {
		let box = parent;
		for (const type of path) {
			need(CONTAINERS.includes(box.type), `${box.type} is no container`);
			const next = boxes(box.body, box.end).find((inner) => inner.type === type);
			need(next !== undefined, `no ${type} in ${box.type} at ${box.at}`);
			box = next;
		}
		return box;
	};
	const all = boxes(0, bytes.length);
	need(all[0]?.type === "ftyp" && all[1]?.type === "moov", "does not begin with ftyp and moov");
	const moov = all[1] as Box;
	const tracks: Mp4Track[] = boxes(moov.body, moov.end)
		.filter(({ type }) => type === "trak")
		.map((trak) => {
			const header = child(trak, "tkhd");
			const media = child(trak, "mdia", "mdhd");
			const version = bytes[header.body];
			const hasEdit = boxes(trak.body, trak.end).some(({ type }) => type === "edts");
			const edit = hasEdit ? child(trak, "edts", "elst") : undefined;
			need(edit === undefined || u32(edit.body + 4) === 1, "not one edit");
			const description = child(trak, "mdia", "minf", "stbl", "stsd");
			const entry = boxes(description.body + 8, description.end)[0] as Box;
			const inner = boxes(entry.body + (ENTRY_HEADERS[entry.type] ?? 0), entry.end);
			const specific = inner.find(({ type }) => type === "avcC" || type === "dOps") as Box;
			return {
				id: u32(header.body + (version === 1 ? 20 : 12)),
				handler: text(child(trak, "mdia", "hdlr").body + 8, 4),
				timescale: u32(media.body + (bytes[media.body] === 1 ? 20 : 12)),
				mediaTime: edit ? u32(edit.body + 12) : 0,
				configuration: bytes.slice(specific.body, specific.end),
				samples: [],
			};
		});
	const defaults = new Map<number, number>();
	const extended = child(moov, "mvex");
	for (const box of boxes(extended.body, extended.end))
		if (box.type === "trex") defaults.set(u32(box.body + 4), u32(box.body + 20));
	const fragments: number[] = [];
	const seekTable: { time: number; moof: number }[] = [];
	let expected = 1;

	function readFragment(moof: Box, mdat: Box): void {
		need(u32(child(moof, "mfhd").body + 4) === expected++, "fragments are not numbered in order");
		let used = 0;
		for (const traf of boxes(moof.body, moof.end).filter(({ type }) => type === "traf")) {
			const tfhd = child(traf, "tfhd");
			need((u32(tfhd.body) & 0x02_0000) !== 0, "base is not the moof");
			const track = tracks.find(({ id }) => id === u32(tfhd.body + 4));
			need(track !== undefined, "unknown track");
			const tfdt = child(traf, "tfdt");
			need(bytes[tfdt.body] === 1, "tfdt of 32 bits");
			used += readRun(track, child(traf, "trun"), u64(tfdt.body + 4), moof, mdat, traf);
		}
		need(used === mdat.end - mdat.body, "mdat holds other bytes than its samples");
	}
	function readRun(track: Mp4Track, trun: Box, start: number, moof: Box, mdat: Box, traf: Box): number {
		const flags = u32(trun.body) & 0xff_ffff;
		const tfhd = child(traf, "tfhd");
		const tfhdFlags = u32(tfhd.body) & 0xff_ffff;
		let at = tfhd.body + 8 + (tfhdFlags & 1 ? 8 : 0) + (tfhdFlags & 2 ? 4 : 0);
		const defaultDuration = tfhdFlags & 8 ? u32(at) : 0;
		at += tfhdFlags & 8 ? 4 : 0;
		const defaultSize = tfhdFlags & 16 ? u32(at) : 0;
		at += tfhdFlags & 16 ? 4 : 0;
		const defaultFlags = tfhdFlags & 32 ? u32(at) : (defaults.get(track.id) ?? 0);
		const count = u32(trun.body + 4);
		at = trun.body + 8;
		let data = moof.at;
		if (flags & 1) {
			data += view.getInt32(at);
			at += 4;
		}
		let firstFlags: number | undefined;
		if (flags & 4) {
			firstFlags = u32(at);
			at += 4;
		}
		let decode = start;
		let used = 0;
		const last = track.samples.at(-1);
		need(last === undefined || start / track.timescale > last.decode, `track ${track.id} goes back in time`);
		for (let i = 0; i < count; i++) {
			const read = (flag: number) => {
				if (!(flags & flag)) return undefined;
				at += 4;
				return view.getInt32(at - 4);
			};
			const duration = read(0x100) ?? defaultDuration;
			const size = read(0x200) ?? defaultSize;
			const sampleFlags = read(0x400) ?? (i === 0 ? firstFlags : undefined) ?? defaultFlags;
			const offset = read(0x800) ?? 0;
			need(duration > 0, `a sample of track ${track.id} has duration ${duration}`);
			need(size > 0 && data >= mdat.body && data + size <= mdat.end, "a sample lies outside of its mdat");
			track.samples.push({
				decode: decode / track.timescale,
				presentation: (decode + offset - track.mediaTime) / track.timescale,
				duration: duration / track.timescale,
				sync: (sampleFlags & 0x1_0000) === 0,
				fragment: fragments.length - 1,
				data: bytes.slice(data, data + size),
			});
			decode += duration;
			data += size;
			used += size;
		}
		need(at === trun.end, "trun has other bytes than its samples");
		return used;
	}
	for (let i = 2; i < all.length; i++) {
		const box = all[i] as Box;
		if (box.type === "moof") {
			const mdat = all[i + 1];
			need(mdat?.type === "mdat", "moof without mdat");
			fragments.push(box.at);
			readFragment(box, mdat);
		} else if (box.type === "mfra") {
			const table = child(box, "tfra");
			need(u32(child(box, "mfro").body + 4) === box.end - box.at, "mfro names another size");
			for (let n = 0; n < u32(table.body + 12); n++) {
				const at = table.body + 16 + n * 28;
				seekTable.push({ time: u64(at), moof: u64(at + 8) });
			}
		} else need(["mdat", "free", "uuid"].includes(box.type), `unexpected box ${box.type}`);
	}
	return { tracks, fragments, seekTable, top: all.map(({ type }) => type) };
}
