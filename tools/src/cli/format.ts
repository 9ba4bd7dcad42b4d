/** Bytes for people, in powers of ten: `312 B`, `4.1 kB`, `1.92 MB`. */
export function formatBytes(bytes: number): string {
	if (bytes < 1000) return `${Math.round(bytes)} B`;
	const units = ["kB", "MB", "GB", "TB"];
	let value = bytes / 1000;
	let unit = 0;
	while (value >= 999.5 && unit < units.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${threeDigits(value)} ${units[unit]}`;
}

/** A rate for people, from bytes and milliseconds: `92.4 kB/s`. */
export function formatRate(bytesPerSecond: number): string {
	return `${formatBytes(bytesPerSecond)}/s`;
}

/** A duration for people, from milliseconds: `240 ms`, `9.60 s`, `2 min 05 s`, `1 h 04 min`. */
export function formatDuration(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`;
	if (ms < 59_950) return `${threeDigits(ms / 1000)} s`;
	const seconds = Math.round(ms / 1000);
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
	return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60))} min`;
}

/** A count for people: `1,234,567`. */
export function formatCount(count: number): string {
	return Math.round(count)
		.toString()
		.replaceAll(/\B(?=(\d{3})+$)/g, ",");
}

/** So many of something, for people: `1 recording`, `1,234 recordings`. The noun is one that takes an s. */
export function formatCounted(count: number, noun: string): string {
	return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A moment on the camera's own clock, from milliseconds since power-on: `00:01:02.345`. */
export function formatClock(ms: number): string {
	const whole = Math.round(ms);
	const seconds = Math.floor(whole / 1000);
	return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}.${String(whole % 1000).padStart(3, "0")}`;
}

/** A wall-clock moment, from milliseconds since 1970: `2026-03-01 14:05:09Z`; `clock not set` without one. */
export function formatMoment(ms: number | undefined): string {
	if (ms === undefined) return "clock not set";
	return new Date(ms)
		.toISOString()
		.replace("T", " ")
		.replace(/\.\d+Z$/, "Z");
}

function threeDigits(value: number): string {
	return value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function pad(value: number): string {
	return String(value).padStart(2, "0");
}
