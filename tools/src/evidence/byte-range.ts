/** A part of something that is served. */
export interface ByteRange {
	/** First byte. */
	readonly from: number;
	/** First byte behind it. */
	readonly to: number;
}

/**
 * What a Range header asks for (RFC 9110 section 14.1.2), of something of `bytes`.
 * @returns undefined: all of it, also for several ranges, which a server need not serve; `unsatisfiable`: none of it
 */
export function byteRange(
	header: string | undefined,
	bytes: number,
): ByteRange | "unsatisfiable" | undefined {
	const [, first = "", last = ""] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "") ?? [];
	if (first === "" && last === "") return undefined;
	const from = first === "" ? Math.max(0, bytes - Number(last)) : Number(first);
	const to = first === "" || last === "" ? bytes : Math.min(bytes, Number(last) + 1);
	if (first !== "" && last !== "" && Number(last) < from) return undefined;
	return from < to ? { from, to } : "unsatisfiable";
}
