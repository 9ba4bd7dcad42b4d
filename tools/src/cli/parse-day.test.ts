import { expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { parseDay } from "./parse-day.ts";

test("a day begins and ends in this computer's time zone", () => {
	expect(parseDay("2027-03-01", "begin")).toBe(new Date(2027, 2, 1).getTime());
	expect(parseDay("2027-03-01", "end")).toBe(new Date(2027, 2, 2).getTime() - 1);
	expect(parseDay("2028-02-29", "end")).toBe(new Date(2028, 2, 1).getTime() - 1);
});

test("a moment is taken as it is", () => {
	expect(parseDay("2027-03-01T12:00:00Z", "end")).toBe(Date.UTC(2027, 2, 1, 12));
});

test.each(["2027-02-30", "2027-13-01", "01.03.2027", "tomorrow", ""])("%s is no day", (text) => {
	expect(() => parseDay(text, "begin")).toThrow(UsageError);
});
