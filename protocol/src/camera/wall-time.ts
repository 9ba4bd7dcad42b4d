/** The earliest time a camera's clock may be set to, ms since 1970 UTC: 2000-01-01. */
export const WALL_TIME_MIN = Date.UTC(2000, 0, 1);

/** The latest, ms since 1970 UTC: the last millisecond of 2099. */
export const WALL_TIME_MAX = Date.UTC(2100, 0, 1) - 1;

/** The bounds, in words. */
export const WALL_TIME_BOUNDS = "from 2000-01-01 to 2099-12-31";

/** Whether a camera's clock can say this: a whole number of ms since 1970 UTC within the bounds. */
export function isWallTime(ms: number): boolean {
	return Number.isInteger(ms) && ms >= WALL_TIME_MIN && ms <= WALL_TIME_MAX;
}
