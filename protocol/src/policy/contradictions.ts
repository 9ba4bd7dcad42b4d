import { INTERVAL_MIN_MS, type Policy } from "./document.ts";
import { findEvidenceProblems } from "./evidence-rule.ts";
import { REVIEWED_LANGUAGES } from "./languages.ts";
import type { PolicyProblem } from "./problem.ts";

/** Takes a problem of a field when `wrong`. */
type Note = (wrong: boolean, field: string, says: string) => void;

/** Everything in a well-formed policy that contradicts itself, in the order of the document. */
export function findContradictions(policy: Policy): PolicyProblem[] {
	const problems: PolicyProblem[] = [];
	const note: Note = (wrong, field, says) => {
		if (wrong) problems.push({ field, says });
	};
	checkIdentity(policy, note);
	checkPreRecording(policy, note);
	checkAnnouncement(policy, note);
	checkImminentDanger(policy, note);
	checkWarning(policy, note);
	checkStop(policy, note);
	checkReasons(policy, note);
	checkRest(policy, note);
	problems.push(...findEvidenceProblems(policy.evidence, isUnderLaw(policy)));
	return problems;
}

/** Whether some state's law is meant: `XX` is the code of none (ISO 3166-1, user-assigned). */
function isUnderLaw({ jurisdiction }: Policy): boolean {
	return jurisdiction.code !== "XX";
}

function checkIdentity(policy: Policy, note: Note): void {
	const { jurisdiction, issuer } = policy;
	note(!isCode(policy.name), "name", "has to be of lower-case letters, digits and hyphens");
	note(policy.title === "", "title", "is empty");
	note(issuer.agency === "", "issuer.agency", "is empty");
	note(policy.expires <= policy.notBefore, "expires", "is not after notBefore");
	note(jurisdiction.place === "", "jurisdiction.place", "is empty");
	note(jurisdiction.code === "", "jurisdiction.code", "is empty");
	note(
		jurisdiction.legalBasis.length === 0 && isUnderLaw(policy),
		"jurisdiction.legalBasis",
		"names no legal basis, although a jurisdiction is named",
	);
	note(policy.covert, "covert", "is true: there is no covert recording");
}

function checkPreRecording(policy: Policy, note: Note): void {
	const { mode, maximumMs, defaultMs, sound, locked } = policy.preRecording;
	const off = mode === "off";
	const why = locked ? "pre-recording is locked off" : "pre-recording is off";
	note(locked && !off, "preRecording.mode", `is ${mode}, although pre-recording is locked off`);
	note((off || locked) && maximumMs > 0, "preRecording.maximumMs", `is above 0, although ${why}`);
	note((off || locked) && defaultMs > 0, "preRecording.defaultMs", `is above 0, although ${why}`);
	note((off || locked) && sound, "preRecording.sound", `is true, although ${why}`);
	note(!off && !locked && maximumMs === 0, "preRecording.maximumMs", `is 0, although the mode is ${mode}`);
	note(!off && !locked && defaultMs === 0, "preRecording.defaultMs", `is 0, although the mode is ${mode}`);
	note(!off && !locked && defaultMs > maximumMs, "preRecording.defaultMs", "is above maximumMs");
}

function checkAnnouncement({ announcement }: Policy, note: Note): void {
	const { languages, signedOff, spoken, tone, light, display, when, repeatMs } = announcement;
	note(!spoken && !tone && !light && !display, "announcement", "has no channel: nobody would be told");
	note(spoken && languages.length === 0, "announcement.languages", "is empty, although it is spoken");
	note(hasDoubles(languages), "announcement.languages", "names a language twice");
	languages.forEach((language, index) => {
		note(
			!REVIEWED_LANGUAGES.includes(language) && !signedOff.includes(language),
			`announcement.languages[${index}]`,
			`is ${language}, whose words are a draft that announcement.signedOff does not name`,
		);
	});
	const heard = spoken || tone;
	note(when === "before" && !heard, "announcement.when", "is before, although nothing is spoken or sounded");
	note(repeatMs > 0 && !heard, "announcement.repeatMs", "is set, although nothing is spoken or sounded");
	checkInterval(repeatMs, "announcement.repeatMs", note);
}

function checkImminentDanger({ announcement, reasonCodes }: Policy, note: Note): void {
	const { allowed, reasonRequired } = announcement.imminentDanger;
	note(
		allowed && !reasonRequired,
		"announcement.imminentDanger.reasonRequired",
		"is false, although the announcement may be skipped",
	);
	note(
		allowed && !reasonCodes.some(({ imminentDanger }) => imminentDanger),
		"reasonCodes",
		"has none for imminent danger, although the announcement may be skipped",
	);
}

function checkWarning(policy: Policy, note: Note): void {
	const { allowed, spoken, light, display } = policy.warning;
	note(allowed && !spoken && !light && !display, "warning", "has no channel: nobody would see it");
	note(
		allowed && spoken && policy.announcement.languages.length === 0,
		"warning.spoken",
		"is true, although announcement.languages is empty",
	);
	for (const field of ["whenClockUnset", "whenBatteryLow"] as const)
		note(!allowed && policy[field] === "warning", field, "is warning, although there is no warning state");
}

function checkStop({ stop, gestures, coreAreaPause }: Policy, note: Note): void {
	checkInterval(coreAreaPause.reminderMs, "coreAreaPause.reminderMs", note);
	checkInterval(stop.stillNeededMs, "stop.stillNeededMs", note);
	checkInterval(stop.reminderMs, "stop.reminderMs", note);
	note(
		stop.reminderMs > 0 && stop.reminderCues.length === 0,
		"stop.reminderCues",
		"is empty, although stop.reminderMs is set",
	);
	note(hasDoubles(stop.reminderCues), "stop.reminderCues", "names a cue twice");
	note(gestures.holdMs <= gestures.doublePressMs, "gestures.holdMs", "is not above gestures.doublePressMs");
}

function checkReasons({ activation, reasonCodes }: Policy, note: Note): void {
	note(
		activation.reasonRequired && reasonCodes.length === 0,
		"reasonCodes",
		"is empty, although activation.reasonRequired is true",
	);
	reasonCodes.forEach(({ code, label }, index) => {
		const field = `reasonCodes[${index}]`;
		note(!isCode(code), `${field}.code`, "has to be of lower-case letters, digits and hyphens");
		note(label === "", `${field}.label`, "is empty");
		const first = reasonCodes.findIndex((other) => other.code === code);
		note(first < index, `${field}.code`, `is ${code} once more`);
	});
}

function checkRest({ retention, consent, wearer }: Policy, note: Note): void {
	note(retention.class === "", "retention.class", "is empty");
	note(hasDoubles(consent.requiredIn), "consent.requiredIn", "names a situation twice");
	note(
		wearer.checkOutRequired && !wearer.assignmentRequired,
		"wearer.checkOutRequired",
		"is true, although no wearer has to be assigned",
	);
}

function checkInterval(ms: number, field: string, note: Note): void {
	note(
		ms > 0 && ms < INTERVAL_MIN_MS,
		field,
		`is ${ms}: it has to be 0 (never) or at least ${INTERVAL_MIN_MS}`,
	);
}

function hasDoubles(items: readonly string[]): boolean {
	return items.some((item, index) => items.indexOf(item) < index);
}

function isCode(text: string): boolean {
	return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(text);
}
