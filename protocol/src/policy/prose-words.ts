/** A duration in words, from ms: `30 s`, `90 s`, `2 min`, `1 h`. */
export function duration(ms: number): string {
	if (ms % 3_600_000 === 0 && ms > 0) return `${ms / 3_600_000} h`;
	if (ms % 60_000 === 0 && ms > 0) return `${ms / 60_000} min`;
	return `${ms / 1000} s`;
}

/** A moment in words, from ms since 1970 UTC: `2026-03-01 14:05:09 UTC`. */
export function moment(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** Items with commas between them; `none` when there are none. */
export function list(items: readonly string[]): string {
	return items.length === 0 ? "none" : items.join(", ");
}
