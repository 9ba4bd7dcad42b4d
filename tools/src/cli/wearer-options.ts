import { PSEUDONYM_MAX } from "@bodycam/protocol/wearer/assignment";
import { type Command, Option } from "commander";
import { UsageError } from "../errors.ts";
import type { AssignmentPlan } from "../operations/wearer.ts";
import { numberOption } from "./command.ts";
import { parseDay, startOfToday } from "./parse-day.ts";

/** Options that say who is assigned and until when. Days count in this computer's time zone. */
export interface AssignmentFlags {
	/** Pseudonym. */
	readonly wearer?: string;
	/** First day or moment. */
	readonly from?: string;
	/** Last day or moment. */
	readonly until?: string;
	/** When the consent was given. */
	readonly consentGiven?: string;
	/** Until when it holds. */
	readonly consentUntil?: string;
	/** When the training was. */
	readonly trained?: string;
	/** By when it has to be repeated. */
	readonly trainedUntil?: string;
	/** Number of the assignment. */
	readonly number?: number;
	/** Serial number of the camera, or `any`. */
	readonly camera?: string;
}

/** Adds the options that say who is assigned and until when. */
export function addAssignmentOptions(command: Command): Command {
	return command
		.option("--wearer <pseudonym>", `who wears the camera: at most ${PSEUDONYM_MAX} bytes, no real name`)
		.option("--from <day>", "first day of the assignment (default: today)")
		.option("--until <day>", "last day of the assignment")
		.option("--consent-given <day>", "when the wearer consented (default: the first day)")
		.option("--consent-until <day>", "last day of the consent (default: the last day)")
		.option("--trained <day>", "when the wearer was trained")
		.option("--trained-until <day>", "last day before the training has to be repeated")
		.addOption(
			new Option(
				"--number <n>",
				"number of the assignment (default: the next one after the camera's last)",
			).argParser(numberOption({ min: 1, max: 0xffff_ffff })),
		)
		.option("--camera <serial>", "serial number it is for, or any of the agency's (default: that of -d)");
}

const REQUIRED = {
	wearer: "--wearer",
	until: "--until",
	trained: "--trained",
	trainedUntil: "--trained-until",
};

/**
 * What the options plan.
 * @param defaults - what they leave out
 * @throws {UsageError} naming the option that is missing or wrong
 */
export function assignmentPlan(
	flags: AssignmentFlags,
	defaults: Partial<Pick<AssignmentFlags, keyof typeof REQUIRED>> = {},
): AssignmentPlan {
	const required = (key: keyof typeof REQUIRED): string => {
		const value = flags[key] ?? defaults[key];
		if (value !== undefined) return value;
		throw new UsageError(`${REQUIRED[key]} is missing`, {
			hint: "`bodycam wearer assign --help` shows a whole command line.",
		});
	};
	const wearer = required("wearer");
	if (wearer === "" || Buffer.byteLength(wearer) > PSEUDONYM_MAX)
		throw new UsageError(`the pseudonym ${JSON.stringify(wearer)} does not have 1 to ${PSEUDONYM_MAX} bytes`);
	const notBefore = flags.from === undefined ? startOfToday() : parseDay(flags.from, "begin");
	const notAfter = parseDay(required("until"), "end");
	const { consentGiven, consentUntil } = flags;
	return {
		wearer,
		consent: {
			givenAt: consentGiven === undefined ? notBefore : parseDay(consentGiven, "begin"),
			validUntil: consentUntil === undefined ? notAfter : parseDay(consentUntil, "end"),
		},
		training: {
			date: parseDay(required("trained"), "begin"),
			validUntil: parseDay(required("trainedUntil"), "end"),
		},
		notBefore,
		notAfter,
		number: flags.number,
		camera: flags.camera,
	};
}
