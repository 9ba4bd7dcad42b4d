/** What people do with the buttons, by what it means where it means something. */
export const PRESSES = [
	"announce",
	"single",
	"start",
	"stop",
	"short-hold",
	"danger",
	"mark",
	"arm",
	"resume",
	"next-reason",
	"home",
	"take-reason",
	"consent-given",
	"consent-refused",
	"pause",
	"disarm",
	"later",
	"withdraw",
] as const;

/** One of `PRESSES`. */
export type Press = (typeof PRESSES)[number];
