import { GroupError, SmpError } from "./errors.ts";
import { OsError } from "./os.ts";
import { ReturnCode } from "./return-code.ts";

/** The letters of an info format in the order Zephyr prints them, whatever the order asked for. */
const INFO_LETTERS = ["s", "n", "r", "v", "b", "m", "p", "i", "o"] as const;

/** What each letter of an info format stands for. */
export interface SystemInfo {
	/** Kernel name. */
	readonly s: string;
	/** Node name. */
	readonly n: string;
	/** Kernel release. */
	readonly r: string;
	/** Kernel version. */
	readonly v: string;
	/** Build date and time. */
	readonly b: string;
	/** Machine. */
	readonly m: string;
	/** Processor. */
	readonly p: string;
	/** Hardware platform. */
	readonly i: string;
	/** Operating system. */
	readonly o: string;
}

/**
 * The output of the info command: the asked parts in fixed order, separated by spaces (Zephyr `os_mgmt_info`).
 * @throws {GroupError} `invalidFormat` for a letter that is none of `snrvbmpioa`
 */
export function formatInfo(format: string | undefined, info: SystemInfo): string {
	const asked = format === undefined || format === "" ? "s" : format;
	for (const letter of asked)
		if (letter !== "a" && !(INFO_LETTERS as readonly string[]).includes(letter))
			throw new GroupError(OsError.invalidFormat);
	return INFO_LETTERS.filter((letter) => asked.includes("a") || asked.includes(letter))
		.map((letter) => info[letter])
		.join(" ");
}

/** ms since 1970 UTC as `yyyy-MM-ddTHH:mm:ss.SSS` in UTC. */
export function formatDatetime(wallMs: number): string {
	return new Date(wallMs).toISOString().slice(0, -1);
}

const DATETIME =
	/^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:(Z)|([+-])(\d{2}):?(\d{2}))?$/;

/**
 * Reads the date and time of a datetime request (`yyyy-MM-dd'T'HH:mm:ss.SSSSSSZZZZZ`, fraction and offset optional).
 * Unlike Zephyr's, this reader honours the offset and refuses a 31 February instead of setting a wrong time.
 * @returns ms since 1970 UTC
 * @throws {SmpError} `invalid`
 */
export function parseDatetime(datetime: string): number {
	const match = DATETIME.exec(datetime);
	if (match === null) throw new SmpError(ReturnCode.invalid);
	const [, year, month, day, hour, minute, second, fraction, , sign, offsetHour, offsetMinute] = match;
	const local = Date.UTC(
		Number(year),
		Number(month) - 1,
		Number(day),
		Number(hour),
		Number(minute),
		Number(second),
		Number((fraction ?? "").padEnd(3, "0").slice(0, 3)),
	);
	const exact = formatDatetime(local).startsWith(`${year}-${month}-${day}T${hour}:${minute}:${second}`);
	if (!exact) throw new SmpError(ReturnCode.invalid);
	const offset = (Number(offsetHour ?? 0) * 60 + Number(offsetMinute ?? 0)) * 60_000;
	return sign === "-" ? local + offset : local - offset;
}
