import type { Policy } from "./document.ts";
import { LANGUAGE_NAMES } from "./languages.ts";
import type { PolicyProfile } from "./profile.ts";
import { duration, list, moment } from "./prose-words.ts";
import type { Allowance, ConsentSituation, PreRecordingMode } from "./terms.ts";

/** One statement about a policy. */
export interface Statement {
	/** What it is about, two or three words. */
	readonly topic: string;
	/** What the policy says about it, a sentence. */
	readonly says: string;
	/** The field, or the section, it was taken from. */
	readonly field: string;
}

/** Statements that belong together. */
export interface ProseSection {
	readonly title: string;
	readonly statements: readonly Statement[];
}

/** Rules to describe: a policy, or a profile that no agency has issued. */
export type PolicyRules = PolicyProfile & Partial<Policy>;

/** A policy in sentences, in the order in which a data-protection officer asks: who, why, what, how long, by whom. */
export function describePolicy(policy: PolicyRules): ProseSection[] {
	return [
		{ title: "Document", statements: documentStatements(policy) },
		{ title: "Legal basis", statements: legalStatements(policy) },
		{ title: "What is recorded, and when", statements: recordingStatements(policy) },
		{ title: "How people are told", statements: announcementStatements(policy) },
		{ title: "Protected places and persons", statements: protectionStatements(policy) },
		{ title: "Ending a recording", statements: stopStatements(policy) },
		{ title: "Retention", statements: retentionStatements(policy) },
		{ title: "Evidence", statements: evidenceStatements(policy) },
		{ title: "The wearer", statements: wearerStatements(policy) },
		{ title: "Reduced conditions", statements: reducedStatements(policy) },
	];
}

function documentStatements(policy: PolicyRules): Statement[] {
	return [
		...issueStatements(policy),
		{
			topic: "Legal counsel",
			says: `${policy.counsel.checked ? "Has checked this document" : "Has NOT checked this document"}. ${policy.counsel.note}`,
			field: "counsel",
		},
	];
}

function issueStatements({ title, name, version, issuer, notBefore, expires }: PolicyRules): Statement[] {
	if (issuer === undefined || version === undefined || notBefore === undefined || expires === undefined)
		return [
			{ topic: "Profile", says: `${title} (${name}).`, field: "name, title" },
			{ topic: "Issued by", says: "Nobody: it is a built-in profile to start from.", field: "issuer" },
		];
	const contact = issuer.contact === undefined ? "" : `, ${issuer.contact}`;
	return [
		{ topic: "Policy", says: `${title} (${name}), version ${version}.`, field: "name, title, version" },
		{ topic: "Issued by", says: `${issuer.agency}${contact}.`, field: "issuer" },
		{
			topic: "Valid",
			says: `From ${moment(notBefore)} to ${moment(expires)}; afterwards the camera records nothing.`,
			field: "notBefore, expires",
		},
	];
}

function legalStatements({ jurisdiction, sources }: PolicyRules): Statement[] {
	const { place, code, legalBasis } = jurisdiction;
	return [
		{ topic: "Jurisdiction", says: `${place} (${code}).`, field: "jurisdiction" },
		...legalBasis.map(({ reference, text }) => ({
			topic: reference,
			says: text,
			field: "jurisdiction.legalBasis",
		})),
		...sources.map((says) => ({ topic: "Source", says: `${says}.`, field: "sources" })),
	];
}

const MODES: Readonly<Record<PreRecordingMode, string>> = {
	off: "Nothing from before the trigger is kept.",
	manual: "Only after the wearer has armed the camera",
	always: "Whenever the camera is ready",
};

function recordingStatements({ preRecording, activation, covert, reasonCodes }: PolicyRules): Statement[] {
	const { mode, maximumMs, defaultMs, sound, locked } = preRecording;
	const lengths = `, ${duration(defaultMs)} from before the trigger unless settings choose another length, at most ${duration(maximumMs)}; held in volatile memory and erased by itself.`;
	const statements: Statement[] = [
		{
			topic: "Pre-recording",
			says: `${MODES[mode]}${mode === "off" ? "" : lengths}${locked ? " Locked: no setting and no gesture turns it on." : ""}`,
			field: "preRecording",
		},
	];
	if (mode !== "off") {
		statements.push({
			topic: "Sound before the trigger",
			says: sound ? "Is kept." : "Is not kept; sound begins with the trigger.",
			field: "preRecording.sound",
		});
	}
	statements.push(
		{
			topic: "Start",
			says: activation.remoteStart
				? "By the wearer, or over the link by an authorised person."
				: "Only by the wearer; nothing and nobody else starts a recording.",
			field: "activation.remoteStart",
		},
		{
			topic: "Reason",
			says: activation.reasonRequired ? "Is demanded for every recording." : "Is not demanded.",
			field: "activation.reasonRequired",
		},
		{
			topic: "Reason codes",
			says: `To choose from: ${list(reasonCodes.map(({ code, label }) => `${code} (${label})`))}.`,
			field: "reasonCodes",
		},
		{
			topic: "Covert recording",
			says: covert ? "Is allowed." : "There is none.",
			field: "covert",
		},
	);
	return statements;
}

function announcementStatements({ announcement, warning, reasonCodes }: PolicyRules): Statement[] {
	const { when, repeatMs, imminentDanger, signedOff } = announcement;
	const time =
		when === "before"
			? "Before the recording, which starts after it"
			: "Together with the start of the recording";
	const statements: Statement[] = [
		{
			topic: "Announcement",
			says: `${time}: ${list(announcementChannels(announcement))}.`,
			field: "announcement",
		},
		{
			topic: "Repeated",
			says: repeatMs === 0 ? "Not." : `Every ${duration(repeatMs)} while recording.`,
			field: "announcement.repeatMs",
		},
		{
			topic: "Imminent danger",
			says: imminentDanger.allowed
				? `The announcement may be skipped; a reason is ${imminentDanger.reasonRequired ? "demanded afterwards" : "not demanded"}: ${list(reasonCodes.filter((reason) => reason.imminentDanger).map(({ code }) => code))}.`
				: "Is no exception: every recording is announced.",
			field: "announcement.imminentDanger",
		},
		{
			topic: "Warning",
			says: warning.allowed
				? `One press announces and shows the camera without recording: ${list(warningChannels(warning))}${warning.maximumMs === 0 ? "" : `, for at most ${duration(warning.maximumMs)}`}.`
				: "There is no state that is shown and does not record.",
			field: "warning",
		},
	];
	if (signedOff.length > 0) {
		statements.push({
			topic: "Drafts signed off",
			says: `The agency has taken these texts as its own: ${list(signedOff.map((language) => LANGUAGE_NAMES[language]))}.`,
			field: "announcement.signedOff",
		});
	}
	return statements;
}

function announcementChannels({
	spoken,
	languages,
	volume,
	tone,
	light,
	display,
	haptic,
}: Policy["announcement"]): string[] {
	return [
		...(spoken
			? [`spoken in ${list(languages.map((language) => LANGUAGE_NAMES[language]))} at ${volume} % volume`]
			: []),
		...(tone ? ["a tone"] : []),
		...(light ? ["the light that faces the public"] : []),
		...(display ? ["the display that faces the public"] : []),
		...(haptic ? ["a pulse the wearer feels"] : []),
	];
}

function warningChannels({ spoken, light, display }: Policy["warning"]): string[] {
	return [...(spoken ? ["spoken"] : []), ...(light ? ["light"] : []), ...(display ? ["display"] : [])];
}

const SITUATIONS: Readonly<Record<ConsentSituation, string>> = {
	"private-place": "in a private place",
	"voluntary-statement": "for a voluntary statement",
};

function protectionStatements({ homes, coreAreaPause, secrecyReminder, consent }: PolicyRules): Statement[] {
	const confirmed = homes.extraConfirmation
		? "Need an extra confirmation by the wearer"
		: "Need no extra confirmation";
	const authorised = homes.authorisedByRequired
		? "who authorised it has to be named"
		: "nobody has to be named as authorising it";
	const pause =
		coreAreaPause.reminderMs === 0
			? ""
			: `; while paused the wearer is reminded every ${duration(coreAreaPause.reminderMs)}`;
	return [
		{ topic: "Homes", says: `${confirmed}; ${authorised}.`, field: "homes" },
		{
			topic: "Core area of private life",
			says: coreAreaPause.allowed
				? `The wearer can pause; the gap is marked and signed${pause}.`
				: "There is no pause.",
			field: "coreAreaPause",
		},
		{
			topic: "Professional secrecy",
			says: secrecyReminder
				? "The camera reminds the wearer of places where it must not record."
				: "There is no reminder.",
			field: "secrecyReminder",
		},
		{
			topic: "Consent",
			says:
				consent.requiredIn.length === 0
					? "Is not asked for."
					: `Is needed ${list(consent.requiredIn.map((situation) => SITUATIONS[situation]))}; when it is refused or withdrawn, ${consent.onRefusal === "stop" ? "the recording ends" : "the recording goes on without sound"}.`,
			field: "consent",
		},
	];
}

function stopStatements({ stop, gestures }: PolicyRules): Statement[] {
	const hold = `Held for ${duration(gestures.holdMs)}`;
	return [
		{
			topic: "Stop",
			says: stop.confirmation ? `${hold}, and confirmed by a second hold.` : `${hold}, without confirmation.`,
			field: "stop.confirmation, gestures",
		},
		{
			topic: "Still needed?",
			says:
				stop.stillNeededMs === 0
					? "Is not asked."
					: `Is asked every ${duration(stop.stillNeededMs)}; the answer is logged.`,
			field: "stop.stillNeededMs",
		},
		{
			topic: "Reminder",
			says:
				stop.reminderMs === 0
					? "None."
					: `Every ${duration(stop.reminderMs)} while recording: ${list(stop.reminderCues)}.`,
			field: "stop.reminderMs, stop.reminderCues",
		},
	];
}

function retentionStatements({ retention }: PolicyRules): Statement[] {
	return [
		{
			topic: "Retention",
			says: `Deleted after ${retention.days} days unless needed; class ${retention.class}.`,
			field: "retention",
		},
	];
}

function evidenceStatements({ evidence }: PolicyRules): Statement[] {
	const { recipients, archives } = evidence ?? {};
	return [
		{
			topic: "Encrypted to",
			says:
				recipients === undefined
					? "The agency's own keys, which its policy names."
					: `Who has the private key of one of these can watch a recording, and nobody else: ${list(recipients)}.`,
			field: "evidence.recipients",
		},
		{
			topic: "Erased",
			says:
				archives === undefined
					? "On the signed receipt of an archive that the agency's policy names."
					: archives.length === 0
						? "Nothing is: no archive is named whose receipt a camera takes."
						: `Only on the signed receipt of an archive that has read the recording back; its key is one of these: ${list(archives)}.`,
			field: "evidence.archives",
		},
	];
}

function wearerStatements({ wearer }: PolicyRules): Statement[] {
	return [
		{
			topic: "Assignment",
			says: wearer.assignmentRequired
				? "Records only while a wearer is assigned whose consent to wear it and whose training are in date."
				: "Records without an assigned wearer.",
			field: "wearer.assignmentRequired",
		},
		{
			topic: "Check-out",
			says: wearer.checkOutRequired ? "Is required for each shift." : "Is not required.",
			field: "wearer.checkOutRequired",
		},
	];
}

const ALLOWED: Readonly<Record<Allowance, string>> = {
	nothing: "nothing",
	warning: "the warning, but no recording",
	recording: "recording, but no pre-recording",
	everything: "everything",
};

function reducedStatements({ whenClockUnset, whenBatteryLow, reserve }: PolicyRules): Statement[] {
	return [
		{ topic: "Clock not set", says: `Allowed is ${ALLOWED[whenClockUnset]}.`, field: "whenClockUnset" },
		{ topic: "Battery low", says: `Allowed is ${ALLOWED[whenBatteryLow]}.`, field: "whenBatteryLow" },
		{
			topic: "Alarms",
			says: `At ${reserve.lowBatteryMinutes} minutes of recording left in the battery, and at ${reserve.lowCardMinutes} on the card.`,
			field: "reserve",
		},
	];
}
