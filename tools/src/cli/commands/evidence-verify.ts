import type { Command } from "commander";
import { type BodycamError, UsageError, VerificationError } from "../../errors.ts";
import { evidencePairs } from "../../evidence/evidence-pair.ts";
import {
	type RepeatedEvidence,
	type VerifiedContinuity,
	type VerifiedEvidence,
	verifyEvidence,
} from "../../operations/evidence/verify.ts";
import { type AnchorOptions, addAnchorOptions, anchorOf } from "../anchor-options.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { describeContinuity, describeVerified } from "../describe-evidence.ts";
import { createProgress, type ProgressView } from "../progress.ts";

const KEEP_AND_COMPARE =
	"Keep the files as they are, and compare them with the camera's card and with other copies.";

interface VerifyFlags extends AnchorOptions {
	readonly recordOnly?: boolean;
	readonly selection?: boolean;
}

/** `bodycam evidence verify`: whether recordings are what cameras of an agency have recorded. */
export function addEvidenceVerifyCommand(group: Command, runtime: Runtime): void {
	const command = addCommand(group, {
		usage: "verify <files...>",
		summary: "verify recordings: who made them, and that nothing was changed or is missing",
		description:
			"Verifies recordings without any key to decrypt them: that every byte of NAME.mp4.age is the one the camera signed in NAME.custody.cbor, that every signature and the chain between them hold, that the camera belongs to the agency, that the recording has its end, and that recordings of one camera follow one another without a gap. Says what was found about each, and exits with 6 when a recording is broken, when it is incomplete because its end is missing, when recordings are missing between those given, when two different ones have the same number, or when no agency was given, since then anybody could have made them. A recording that was cut off, by a power cut for example, and whose camera has signed what is whole of it, is interrupted: that passes.",
		examples: [
			["bodycam evidence verify evidence/ --agency ./agency", "All recordings in a directory"],
			[
				"bodycam evidence verify 0badcafe-0003.mp4.age --root root.pub",
				"One recording, with nothing of the agency but its root public key",
			],
			[
				"bodycam evidence verify 3.mp4.age 7.mp4.age --agency ./agency --selection",
				"Two of several: those between are not expected",
			],
		],
	})
		.option("--selection", "the recordings are a selection: tell of missing numbers, but do not fail")
		.option("--record-only", "check custody records whose recordings have been deleted");
	handle<VerifyFlags>(addAnchorOptions(command), runtime, async (context, flags, paths) => {
		const pairs = evidencePairs(paths);
		const anchor = anchorOf(flags);
		const { recordOnly = false, selection = false } = flags;
		const recordings: VerifiedEvidence[] = [];
		const continuity: VerifiedContinuity[] = [];
		const repeated: RepeatedEvidence[] = [];
		let progress: ProgressView | undefined;
		for await (const event of verifyEvidence(pairs, {
			anchor,
			recordOnly,
			selection,
			signal: context.signal,
		})) {
			if (event.type === "progress") {
				progress ??= createProgress(context.terminal, event.files.base);
				progress.update({ done: event.bytes, total: event.total, rate: event.rate });
				continue;
			}
			progress?.close();
			progress = undefined;
			const { type, ...found } = event;
			if (type === "recording") {
				recordings.push(found as VerifiedEvidence);
				show(context, () => describeVerified(event, context.terminal));
			} else if (event.type === "repeated") repeated.push(event);
			else {
				continuity.push(found as VerifiedContinuity);
				show(context, () => describeContinuity(event, context.terminal));
			}
		}
		const failure = reasonToFail({ recordings, continuity, repeated }, anchor !== undefined);
		if (context.json)
			printResult(
				context,
				{ passed: failure === undefined, anchored: anchor !== undefined, recordings, continuity },
				() => "",
			);
		if (failure !== undefined) throw failure;
	});
}

/** People read each recording as soon as it is verified; machines get one object at the end. */
function show(context: Context, text: () => string): void {
	if (!context.json) context.terminal.out(text());
}

/** What was found about all that was given. */
interface Found {
	readonly recordings: readonly VerifiedEvidence[];
	readonly continuity: readonly VerifiedContinuity[];
	readonly repeated: readonly RepeatedEvidence[];
}

/** Why the whole does not pass; undefined when it does. */
function reasonToFail(
	{ recordings, continuity, repeated }: Found,
	anchored: boolean,
): BodycamError | undefined {
	for (const { files, report } of recordings) {
		if (report.verdict === "broken") {
			const first = report.findings.find(({ severity }) => severity === "failure");
			return new VerificationError(`${files.base} is broken: ${first?.message}`, {
				hint: KEEP_AND_COMPARE,
			});
		}
		if (report.verdict === "incomplete")
			return new VerificationError(`${files.base} is incomplete: its custody record has no end`, {
				hint: "Start the camera once, so that it signs what it has recorded, then pull the recording again.",
			});
	}
	const gap = continuity.flatMap(({ findings }) => findings).find(({ severity }) => severity === "failure");
	if (gap !== undefined)
		return new VerificationError(`the recordings do not follow one another: ${gap.message}`, {
			hint:
				gap.code === "missing"
					? "Pull what is missing; --selection says that the others are left out on purpose."
					: KEEP_AND_COMPARE,
		});
	const [twice] = repeated;
	if (twice !== undefined) {
		const { device, recording, copies, longer } = twice;
		const [first, second] = copies;
		return new UsageError(
			`recording ${recording} of camera ${device} is given twice: ${first.base} and ${second.base}`,
			{
				hint:
					longer === undefined
						? "The two are the same: give one of them."
						: `They are the same, but the record of ${longer.base} also has a reason that was given later: give that one.`,
			},
		);
	}
	if (anchored) return undefined;
	return new VerificationError("whose cameras these are was not checked: anybody could have made them", {
		hint: "Give the agency with --agency DIRECTORY, or its root public key with --root KEY.",
	});
}
