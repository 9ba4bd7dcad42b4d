import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { type RecordingMetadata, recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import type { CustodyHappening } from "@bodycam/protocol/custody/happenings";
import { CUSTODY_ITEM_BYTES_MAX } from "@bodycam/protocol/custody/terms";
import { type EvidenceRule, recipientKeys } from "@bodycam/protocol/policy/evidence-rule";
import { bytes, map, optional } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import { NativeAuthenticatedCipher } from "../board/authenticated-cipher.ts";
import { ChainKeeper } from "../evidence/chain-keeper.ts";
import { happeningOf, recordingOf } from "../evidence/happenings.ts";
import { LateReasons } from "../evidence/late-reasons.ts";
import type { ItemTimes, RecordEnd } from "../evidence/record-signer.ts";
import { signRecovery } from "../evidence/recovery-record.ts";
import {
	createSealedFile,
	type EvidenceClock,
	type SealedFile,
	type SealStart,
} from "../evidence/sealed-file.ts";
import type { Log } from "../hal/log.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import { describeInterruptedRecording } from "../recorder/recording-metadata.ts";
import {
	type Closing,
	type ExtentStore,
	type InterruptedRecording,
	StoreError,
} from "../storage/store-interface.ts";
import type { IdentityKeeper } from "../trust/identity-keeper.ts";
import type { Hardware } from "./hardware.ts";

/** Most happenings kept that tell of a recording before it has begun. */
const EARLY_MAX = 8;

const openingEvidence = map({ custody: optional(bytes(CUSTODY_ITEM_BYTES_MAX)) });

/** What evidence needs of the other parts. */
export interface EvidenceParts {
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time" | "uncertainty">;
	/** The log. */
	readonly log: Log;
	/** The camera's identity. */
	readonly identity: () => Pick<IdentityKeeper, "identity" | "load">;
	/** The rule in force. */
	readonly rule: () => EvidenceRule;
}

/** What makes a recording evidence. */
export interface Evidence {
	/** Seals recordings. */
	readonly file: SealedFile;
	/** Knows the recording before. */
	readonly chain: ChainKeeper;
	/** See `RecorderOptions`. */
	sealing(opening: RecordingMetadata, store: Pick<ExtentStore, "status">): SealStart;
	/** Metadata for the card; those a recording is opened with, with the header of its record. */
	encodeMetadata(metadata: RecordingMetadata, header: RecordEnd | undefined): Uint8Array;
	/** See `ExtentStoreOptions`. */
	describeInterrupted(interrupted: InterruptedRecording): Promise<Closing | undefined>;
	/** A recording is closed on the card. */
	closed(metadata: RecordingMetadata): void;
	/** Where recordings are kept: reasons that are given after them go there. */
	keptIn(store: Pick<ExtentStore, "amend">): void;
	/** The card can be written to: what waited for it is. */
	cardReady(): void;
	/** Something happened: what is about the recording under way goes into its record. */
	happened(event: CameraEventBody): void;
}

/** Opens it. Whatever an earlier run has left of a recording's keys is overwritten. */
export function openEvidence(hardware: Hardware, parts: EvidenceParts): Evidence {
	const { board, map, random, signature, keyValue, identity, boot, reset } = hardware;
	const { serial } = identity;
	const { native } = board;
	const clock: EvidenceClock = {
		monotonicMs: () => Math.floor(board.now() / 1000),
		wallMs: () => parts.clock.time,
		wallUncertaintyMs: () => parts.clock.uncertainty,
	};
	const file = createSealedFile({
		memory: native,
		region: map.evidence,
		openCipher: (region) => new NativeAuthenticatedCipher({ native, region }),
		random,
		crypto: signature,
		clock,
	});
	file.wipe();
	const chain = new ChainKeeper({ keyValue, serial, crypto: signature, log: parts.log });
	const build = Uint8Array.from(identity.build, (character) => character.charCodeAt(0));
	const image = boot?.hash ?? signature.sha256(build);
	let current = 0; // number of the recording that is sealed
	// Why this run of the firmware has stopped recording: what was cut off in it was not cut off by a restart.
	const stopped: { number: number; reason: string } = { number: 0, reason: "" };
	let late: LateReasons | undefined;
	// Of a recording that is announced before it begins.
	let early: { readonly number: number; readonly happening: CustodyHappening }[] = [];

	function times(): ItemTimes {
		const wallMs = clock.wallMs();
		const monotonicMs = clock.monotonicMs();
		return wallMs === undefined
			? { monotonicMs }
			: { monotonicMs, wallMs, wallUncertaintyMs: clock.wallUncertaintyMs() };
	}

	return {
		file,
		chain,
		sealing(opening, store) {
			const held = parts.identity().identity;
			if (held === undefined) throw new StoreError("not-ready", "the camera belongs to no agency");
			if (chain.number < opening.number - 1 && store.status().recovering)
				throw new StoreError("not-ready", "the recording before is still being closed");
			const { deviceSigning, device } = held.membership;
			current = opening.number;
			return {
				recipients: recipientKeys(parts.rule()),
				signer: held.signer,
				before: chain.before,
				header: {
					device: serial,
					certificates: { deviceSigning, device },
					recording: opening.number,
					seeded: random.seeded,
					image,
					policy: opening.policy?.sha256 ?? new Uint8Array(32),
					...(opening.retention === undefined ? {} : { retention: opening.retention }),
					...(opening.wearer === undefined ? {} : { wearer: opening.wearer }),
					source: opening.trigger.source,
					...(opening.resumes === undefined ? {} : { resumes: opening.resumes }),
					preRecordMs: opening.preRecord.configuredMs,
				},
			};
		},
		encodeMetadata: (metadata, header) =>
			encodeCbor(header === undefined ? metadata : { ...metadata, custody: header.record }),
		async describeInterrupted(interrupted) {
			const keeper = parts.identity();
			await Promise.all([keeper.load(), chain.load()]);
			const opened = decodeCbor(interrupted.opening);
			const opening = parse(recordingMetadata, opened);
			if (opening.device !== serial) return undefined;
			const { bytes: kept, sha256, notes } = interrupted;
			const metadata = describeInterruptedRecording(opening, kept, sha256.slice(), notes);
			const { custody } = parse(openingEvidence, opened);
			const signer = keeper.identity?.signer;
			const end =
				custody &&
				signer &&
				(await signRecovery({
					interrupted,
					header: custody,
					preRecordMs: opening.preRecord.configuredMs,
					runsUntilMs: chain.ranUntil(opening.number),
					times: times(),
					reason: opening.number === stopped.number ? stopped.reason : reset.reason,
					signer,
					crypto: signature,
				}));
			if (end === undefined) return { metadata: encodeCbor(metadata), record: new Uint8Array(0) };
			return { metadata: encodeCbor({ ...metadata, finalHash: end.hash }), record: end.record };
		},
		closed({ device, number, finalHash }) {
			if (device === serial && finalHash !== undefined) chain.ended(number, finalHash);
		},
		keptIn(store) {
			const signer = () => parts.identity().identity?.signer;
			late = new LateReasons({ store, signer, crypto: signature, times, log: parts.log });
		},
		cardReady: () => late?.retry(),
		happened(event) {
			const number = recordingOf(event);
			if (event.type === "recording-stopped") {
				stopped.number = event.recording;
				stopped.reason = event.reason;
			}
			const happening = happeningOf(event);
			if (happening === undefined) return;
			if (
				happening.type === "reason-given" &&
				number !== undefined &&
				!(file.isOpen() && number === current)
			) {
				late?.given(number, happening);
				return;
			}
			if (!file.isOpen()) {
				if (number !== undefined && early.length < EARLY_MAX) early.push({ number, happening });
				return;
			}
			for (const told of early) if (told.number === current) file.happened(told.happening);
			early = [];
			if (number === undefined || number === current) file.happened(happening);
		},
	};
}
