import type { CustodyEntry, CustodyEntryOf } from "@bodycam/protocol/custody/entry";
import { readCustody } from "@bodycam/protocol/custody/reader";
import type { CustodyReport, CustodyVerdict } from "@bodycam/protocol/custody/verifier";
import { VerificationError } from "../../errors.ts";
import { AgeFile } from "../../evidence/age-file.ts";
import { EvidenceCheck, withFindings } from "../../evidence/evidence-check.ts";
import type { EvidencePair } from "../../evidence/evidence-pair.ts";
import { readRecordFile } from "../../evidence/record-file.ts";
import { compareUnlocked, type Unlocked, unlock } from "../../evidence/unlock.ts";
import { type Conversion, convertRecording } from "../../export/convert.ts";
import type { CredentialWriter, ToolsVersion } from "../../export/credentials.ts";
import type { MediaRange } from "../../export/cut.ts";
import { readFormatPage } from "../../export/format-page.ts";
import { ExportLog, type ExportParty } from "../../export/log.ts";
import { type Original, originalOf, originalText, titleOf } from "../../export/original.ts";
import type { WrittenFile } from "../../export/output.ts";
import type { Plaintext } from "../../export/plaintext.ts";
import { readPrivateMetadata } from "../../export/private-metadata.ts";
import { reportPage } from "../../export/report/page.ts";
import { ExportStage, roomError } from "../../export/stage.ts";
import { sumsFile } from "../../export/sums.ts";
import { type Timeline, timelineOf } from "../../export/timeline.ts";
import { vouchedFor } from "./vouched.ts";
import { watch } from "./watch.ts";

/** What to export, where to and how. */
export interface ExportOptions {
	/** The files of the recording. */
	readonly files: EvidencePair;
	/** A directory that is not there or empty, or a file ending in `.zip` that is not there. */
	readonly to: string;
	/** X25519 private keys, 32 bytes each. */
	readonly identities: readonly Uint8Array[];
	/** The agency's root public key. */
	readonly anchor: Uint8Array;
	/** Part of the recording that is wanted, seconds from its begin; all of it without. */
	readonly clip?: MediaRange | undefined;
	/** Adds Content Credentials. */
	readonly credentials?: CredentialWriter | undefined;
	/** Who exports, and what for. */
	readonly party: ExportParty;
	/** These tools. */
	readonly tools: ToolsVersion;
	/** The time, ms since 1970. */
	readonly now: () => number;
	/** Stops; nothing is left. */
	readonly signal?: AbortSignal | undefined;
}

/** What an export yields. */
export type ExportEvent =
	| {
			readonly type: "progress";
			readonly step: "checking" | "converting" | "signing";
			/** Of the age file's bytes. */
			readonly bytes: number;
			readonly total: number;
	  }
	| {
			readonly type: "done";
			/** Where it is. */
			readonly to: string;
			readonly verdict: CustodyVerdict;
			readonly original: Original;
			/** What the file that plays holds. */
			readonly video: Conversion & { readonly name: string };
			readonly files: readonly WrittenFile[];
	  };

const AGE_NAME = "recording.mp4.age";
const RECORD_NAME = "recording.custody.cbor";

/** Findings that a refusal quotes. */
const QUOTED_MAX = 3;

/**
 * Exports a recording: the file that plays, the encrypted one, the custody record and certificates, a report that any
 * browser shows, how to check all of it, and a log. What is exported was verified in the same pass; what is broken is not
 * exported.
 * @throws {VerificationError} when the recording is broken
 * @throws {EvidenceFileError} when its files are no evidence, or what is encrypted cannot be played
 * @throws {UsageError} when none of the identities opens it, or `to` is taken
 * @throws {DiskFullError} when it does not fit; nothing is left
 */
export async function* exportRecording(options: ExportOptions): AsyncGenerator<ExportEvent, void, undefined> {
	const record = await readRecordFile(options.files.record);
	const age = await AgeFile.open(options.files.age);
	let unlocked: Unlocked | undefined;
	let stage: ExportStage | undefined;
	try {
		unlocked = await unlock(age, options.identities);
		stage = await ExportStage.open({ to: options.to, now: options.now(), signal: options.signal });
		const done = yield* new Export(options, { record, age, unlocked, stage }).run();
		options.signal?.throwIfAborted();
		await stage.commit();
		stage = undefined;
		yield done;
	} catch (error) {
		throw roomError(error, options.to);
	} finally {
		await stage?.discard();
		await unlocked?.payload.close();
		await age.close();
	}
}

/** What an export works with. */
interface Sources {
	readonly record: Uint8Array;
	readonly age: AgeFile;
	readonly unlocked: Unlocked;
	readonly stage: ExportStage;
}

class Export {
	readonly #options: ExportOptions;
	readonly #sources: Sources;
	readonly #log: ExportLog;
	readonly #files: WrittenFile[] = [];

	constructor(options: ExportOptions, sources: Sources) {
		this.#options = options;
		this.#sources = sources;
		this.#log = new ExportLog(options.now);
	}

	async *run(): AsyncGenerator<ExportEvent, Extract<ExportEvent, { type: "done" }>, undefined> {
		const { record, stage } = this.#sources;
		const { report, written } = yield* this.#copyChecked();
		await this.#add(RECORD_NAME, record);
		const entries = entriesOf(record);
		const header = entries.find((entry) => entry.type === "header") as CustodyEntryOf<"header">;
		const original = originalOf(report, written, this.#options.clip);
		await this.#addCertificates(header);
		const { age, unlocked } = this.#sources;
		const plaintext = vouchedFor(unlocked.payload, age, report);
		const video = yield* this.#convert(plaintext, original, timelineOf(entries));
		const { page, verifier } = await readFormatPage();
		await this.#add("evidence-format.md", page);
		await this.#add("verify.py", verifier);
		const { party, now, tools, credentials, anchor } = this.#options;
		const about = {
			report,
			original,
			party,
			files: this.#files,
			tools: `${tools.name} ${tools.version}`,
		};
		const html = reportPage({
			...about,
			header,
			end: entries.find((entry) => entry.type === "final" || entry.type === "recovery"),
			timeline: timelineOf(entries),
			privately: await readPrivateMetadata(plaintext, this.#options.signal),
			video,
			credentials: credentials !== undefined,
			exportedAt: now(),
			rootKey: hex(anchor),
		});
		await this.#add("report.html", html);
		this.#log.note("the report was written");
		await this.#add("export-log.json", this.#log.write(about));
		await this.#add("SHA256SUMS", sumsFile(this.#files));
		return { type: "done", to: stage.to, verdict: report.verdict, original, video, files: this.#files };
	}

	/** Copies the age file, and verifies the very bytes that are copied. */
	async *#copyChecked(): AsyncGenerator<
		ExportEvent,
		{ readonly report: CustodyReport; readonly written: WrittenFile },
		undefined
	> {
		const { record, age, unlocked, stage } = this.#sources;
		const { anchor, signal, files } = this.#options;
		const check = new EvidenceCheck(record, age, { anchor });
		let bytes = 0;
		const blocks = async function* (): AsyncGenerator<Uint8Array> {
			for await (const block of age.sealed()) {
				signal?.throwIfAborted();
				await check.take(block);
				bytes += block.bytes.length;
				// The block is its reader's until the next one only, and what writes it may be behind.
				yield Uint8Array.from(block.bytes);
			}
		};
		const look = () => ({ type: "progress", step: "checking", bytes, total: age.bytes }) as const;
		const written = yield* watch(stage.add(AGE_NAME, { blocks: blocks() }), look);
		const alone = await check.report();
		const report = withFindings(alone, compareUnlocked(alone, unlocked));
		if (report.verdict === "broken") throw brokenError(files.age, report);
		this.#files.push(written);
		this.#log.note(`${written.name} was copied and verified: ${report.verdict}`);
		return { report, written };
	}

	async #addCertificates({ certificates }: CustodyEntryOf<"header">): Promise<void> {
		const { anchor } = this.#options;
		if (certificates !== undefined) {
			await this.#add("certificates/device-signing.cert", certificates.deviceSigning);
			await this.#add("certificates/device.cert", certificates.device);
		}
		await this.#add("certificates/root-key.hex", new TextEncoder().encode(`${hex(anchor)}\n`));
	}

	async *#convert(
		plaintext: Plaintext,
		original: Original,
		{ startedAt }: Timeline,
	): AsyncGenerator<ExportEvent, Conversion & { readonly name: string }, undefined> {
		const { clip, credentials, signal, tools } = this.#options;
		const { age, stage } = this.#sources;
		const name = clip === undefined ? "recording.mp4" : "clip.mp4";
		const title = titleOf(original);
		let done = 0;
		const plain = stage.work("plain.mp4");
		const work = convertRecording(plaintext, {
			file: plain,
			range: clip,
			tags: {
				title,
				comment: originalText(original),
				...(startedAt !== undefined && { date: new Date(startedAt) }),
			},
			signal,
			progress: (seconds, total) => {
				done = total > 0 ? seconds / total : 1;
			},
		});
		const look = (step: "converting" | "signing") => () =>
			({ type: "progress", step, bytes: Math.round(done * age.bytes), total: age.bytes }) as const;
		const conversion = yield* watch(work, look("converting"));
		this.#log.note(`${name} was made: ${conversion.pictures} pictures, ${conversion.packets} sound packets`);
		let file = plain;
		if (credentials !== undefined) {
			file = stage.work("signed.mp4");
			yield* watch(credentials.write({ from: plain, to: file }, { title, original, tools }), look("signing"));
			this.#log.note(`${name} was given Content Credentials`);
		}
		signal?.throwIfAborted();
		this.#files.push(await stage.add(name, { move: file }));
		return { ...conversion, name };
	}

	async #add(name: string, bytes: Uint8Array): Promise<void> {
		this.#options.signal?.throwIfAborted();
		this.#files.push(await this.#sources.stage.add(name, { bytes }));
	}
}

/** The items of a record that was verified. */
function entriesOf(record: Uint8Array): CustodyEntry[] {
	return [...readCustody(record)].flatMap((piece) => (piece.kind === "item" ? [piece.entry] : []));
}

function brokenError(path: string, { findings, more }: CustodyReport): VerificationError {
	const failures = findings.filter(({ severity }) => severity === "failure").map(({ message }) => message);
	const rest = failures.length - QUOTED_MAX + more;
	const lines = [...failures.slice(0, QUOTED_MAX), ...(rest > 0 ? [`and ${rest} more`] : [])];
	return new VerificationError(`${path} is broken, and is not exported:\n${lines.join("\n")}`, {
		hint: "`bodycam evidence verify` lists what is wrong. Compare it with another copy, or pull it from the camera again.",
	});
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
