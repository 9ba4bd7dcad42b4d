import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { RecordingsError } from "@bodycam/protocol/camera/recordings";
import { finalHash } from "@bodycam/protocol/custody/final-hash";
import {
	type OpenedReceipt,
	openReceipt,
	ReceiptMismatch,
	requireSubject,
} from "@bodycam/protocol/custody/receipt";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { keyIdentifier, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import type { Log } from "../hal/log.ts";
import { type ExtentStore, type StoredRecording, StoreError } from "../storage/store-interface.ts";

/** Options of `RecordingEraser`. */
export interface RecordingEraserOptions {
	/** Where recordings are kept. */
	readonly store: Pick<ExtentStore, "find" | "closing" | "erase">;
	/** Serial number of the camera. */
	readonly serial: string;
	/** Digests and signatures. */
	readonly crypto: TrustCrypto;
	/** Public keys of the archives that the policy in force names. */
	readonly archives: () => readonly Uint8Array[];
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** Where trouble is told. */
	readonly log: Pick<Log, "write">;
}

/** Longest text of an event about a refusal. */
const WHY_MAX = 90;

/** Erases recordings, each on the receipt of an archive that has it. Nothing else erases one. */
export class RecordingEraser {
	private readonly options: RecordingEraserOptions;
	/** While one is being erased, another request waits for its outcome: the same one may come again. */
	private last: Promise<unknown> = Promise.resolve();
	/** What was erased since the start: a power cut may keep an earlier erasure out of the events. */
	private readonly told = new Set<number>();

	/** @param options - see `RecordingEraserOptions` */
	constructor(options: RecordingEraserOptions) {
		this.options = options;
	}

	/**
	 * Erases the recording a receipt is for; its number. One that was erased before is not erased again.
	 * @throws {GroupError} saying why not; then nothing has changed
	 * @throws {StoreError} when the card cannot be asked
	 */
	erase(signed: Uint8Array): Promise<number> {
		const result = this.last.then(() => this.eraseNow(signed));
		this.last = result.catch(() => undefined);
		return result;
	}

	private async eraseNow(signed: Uint8Array): Promise<number> {
		const { crypto, archives, emit } = this.options;
		let recording: number | undefined;
		try {
			const given = openReceipt(signed, archives(), crypto);
			recording = given.recording;
			await this.eraseOn(given, signed);
			return recording;
		} catch (error) {
			const refusal = refusalOf(error);
			const why = refusal.message.slice(0, WHY_MAX);
			emit({ type: "erasure-refused", ...(recording === undefined ? {} : { recording }), why });
			throw refusal;
		}
	}

	private async eraseOn(given: OpenedReceipt, signed: Uint8Array): Promise<void> {
		const { store, serial, crypto, emit, log } = this.options;
		const line = requireClosed(store.find(given.recording));
		const { number: recording, bytes } = line;
		const end = await store.closing(recording);
		const hash = end === undefined ? undefined : finalHash(end.record, crypto);
		if (hash === undefined)
			throw new GroupError(RecordingsError.receiptMismatch, "the recording has no final hash to compare");
		requireSubject(given, { device: serial, recording, bytes, finalHash: hash });
		if (line.state !== "erased") {
			try {
				await store.erase(recording, signed);
			} catch (error) {
				log.write("error", `recording ${recording} could not be erased: ${String(error)}`);
				throw new GroupError(RecordingsError.eraseFailed);
			}
		} else if (this.told.has(recording)) return;
		this.told.add(recording);
		const archive = keyIdentifier(given.archive, crypto);
		const receipt = crypto.sha256(signed);
		emit({ type: "recording-erased", recording, bytes, finalHash: hash, archive, receipt });
	}
}

function requireClosed(line: StoredRecording | undefined): StoredRecording {
	if (line === undefined) throw new GroupError(RecordingsError.noSuchRecording);
	if (line.state === "recording") throw new GroupError(RecordingsError.stillRecording);
	return line;
}

/** What is told about an error: those of the card are told as such where they are answered. */
function refusalOf(error: unknown): Error {
	if (error instanceof GroupError || error instanceof StoreError) return error;
	if (error instanceof ReceiptMismatch) return new GroupError(RecordingsError.receiptMismatch, error.message);
	if (!(error instanceof TrustError)) throw error;
	const untrusted = error.reason === "wrong-signer" || error.reason === "bad-signature";
	const declared = untrusted ? RecordingsError.receiptUntrusted : RecordingsError.receiptMalformed;
	return new GroupError(declared, error.message);
}
