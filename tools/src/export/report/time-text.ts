/** A place in a recording, from ms: `0:07.4`, `12:05.0`, `1:02:03.0`. */
export function placeText(ms: number): string {
	const tenths = Math.max(0, Math.floor(ms / 100));
	const seconds = Math.floor(tenths / 10);
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);
	const rest = `${pad(seconds % 60)}.${tenths % 10}`;
	return hours > 0 ? `${hours}:${pad(minutes % 60)}:${rest}` : `${minutes}:${rest}`;
}

/** A time of day with its date, from ms since 1970: `2026-03-01 14:05:09.2 UTC`; `unknown` without one. */
export function momentText(ms: number | undefined): string {
	if (ms === undefined) return "unknown: the camera's clock was unset";
	return `${new Date(ms).toISOString().replace("T", " ").slice(0, -3)} UTC`;
}

/** How far a clock may be off, from ms, never less than it is: `± 20 ms`, `± 1.3 s`. */
export function withinText(ms: number): string {
	return ms < 1000 ? `± ${Math.ceil(ms)} ms` : `± ${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
}

/** Bytes: `1,234,567 bytes`. */
export function bytesText(bytes: number): string {
	return `${bytes.toString().replaceAll(/\B(?=(\d{3})+$)/g, ",")} bytes`;
}

function pad(value: number): string {
	return String(value).padStart(2, "0");
}
