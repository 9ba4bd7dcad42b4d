import { FLASH_SECTOR_BYTES, IMAGE_ROOM_BYTES } from "@bodycam/protocol/board/flash-layout";
import { IMAGE_HEADER_BYTES, readImageHeader } from "@bodycam/protocol/image/header";
import { ImageError } from "@bodycam/protocol/image/image-error";
import { compareVersions } from "@bodycam/protocol/image/version";
import type { RequestOf, ResponseOf } from "@bodycam/protocol/smp/command";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { ImageGroupError, type imageUpload } from "@bodycam/protocol/smp/image";
import { sameBytes } from "@bodycam/protocol/trust/signed-document";
import type { FlashSlot } from "../hal/flash.ts";
import { type MediaMemory, type MediaRegion, SHA256_CONTEXT_BYTES } from "../hal/media-memory.ts";
import type { ImageManager } from "./image-manager.ts";
import { UploadWriter } from "./upload-writer.ts";

type UploadRequest = RequestOf<typeof imageUpload>;
type UploadAnswer = ResponseOf<typeof imageUpload>;

const HASH_BYTES = 32;

/** Working memory in front of the staged pieces: state and result of the digest, and one piece to be digested. */
const WORK_BYTES = FLASH_SECTOR_BYTES;

/** Bytes of media memory for an upload: as much as arrives at 921,600 baud during the longest erasure, twice. */
export const UPLOAD_REGION_BYTES = WORK_BYTES + 16 * FLASH_SECTOR_BYTES;

/** Options of `ImageUpload`. */
export interface ImageUploadOptions {
	/** Media memory. */
	readonly memory: MediaMemory;
	/** `UPLOAD_REGION_BYTES` at an offset divisible by 8. */
	readonly region: MediaRegion;
	/** The two image slots. */
	readonly slots: readonly [FlashSlot, FlashSlot];
	/** The images. */
	readonly images: Pick<ImageManager, "spare" | "release" | "demandFree" | "runningVersion" | "inTurn">;
}

/** The upload that is under way. */
interface Upload {
	readonly writer: UploadWriter;
	readonly total: number;
	readonly sha: Uint8Array | undefined;
	/** Whether the last piece was answered; then only `match` is of interest. */
	match: boolean | undefined;
}

/**
 * Takes an image piece by piece (Zephyr `img_mgmt_upload`). Pieces are handled in the order in which they arrive; one
 * with another offset than the expected one is dropped, and its answer names the expected one. A first piece with the
 * `sha` of what is under way goes on with it; any other first piece begins anew. A later piece may carry the beginning
 * of its `sha`: so a client whose upload has given way to that of another one is told, and spoils nothing.
 */
export class ImageUpload {
	private readonly options: ImageUploadOptions;
	private readonly contextAt: number;
	private readonly pieceAt: number;
	private upload: Upload | undefined;
	private last: Promise<unknown> = Promise.resolve();

	constructor(options: ImageUploadOptions) {
		this.options = options;
		this.contextAt = options.region.at;
		this.pieceAt = options.region.at + SHA256_CONTEXT_BYTES + HASH_BYTES;
	}

	/** Takes a piece. @throws GroupError when it cannot be taken */
	take(request: UploadRequest): Promise<UploadAnswer> {
		const result = this.last.then(() => this.handle(request));
		this.last = result.catch(() => undefined);
		return result;
	}

	/** Forgets what is under way: its slot is about to be changed. */
	async abandon(): Promise<void> {
		const { upload } = this;
		this.upload = undefined;
		await upload?.writer.stop();
	}

	private async handle({ off, data = new Uint8Array(), ...request }: UploadRequest): Promise<UploadAnswer> {
		if ((request.image ?? 0) !== 0)
			throw new GroupError(ImageGroupError.invalidSlot, "a camera has image 0 only");
		if (off === 0) {
			const goesOn = this.goesOn(request);
			if (goesOn !== undefined) return goesOn;
			await this.begin(request, data);
		}
		const { upload } = this;
		if (upload === undefined) return { off: 0 };
		const { writer, total, sha } = upload;
		if (off !== 0 && request.sha !== undefined && !beginsWith(sha, request.sha))
			throw new GroupError(ImageGroupError.contextSet, "another client has begun an upload");
		if (off !== writer.received) return { off: writer.received };
		if (off + data.length > total) throw new GroupError(ImageGroupError.overrun);
		try {
			await writer.take(data);
			this.digest(data);
			if (writer.received < total) return { off: writer.received };
			await writer.drained();
		} catch (error) {
			this.upload = undefined;
			throw new GroupError(ImageGroupError.writeFailed, String(error));
		}
		upload.match ??= this.matches(upload.sha);
		return { off: total, ...(upload.sha === undefined ? {} : { match: upload.match }) };
	}

	/** The answer to a first piece of what is under way, or has just been taken whole. */
	private goesOn({ sha, len }: Pick<UploadRequest, "sha" | "len">): UploadAnswer | undefined {
		const { upload } = this;
		if (upload?.sha === undefined || sha === undefined || !sameBytes(sha, upload.sha) || len !== upload.total)
			return undefined;
		if (upload.match === false || upload.writer.received === 0) return undefined;
		const off = upload.writer.received;
		return upload.match === undefined ? { off } : { off, match: upload.match };
	}

	/** Checks the first piece, and makes the slot ready. */
	private async begin(request: Omit<UploadRequest, "off" | "data">, data: Uint8Array): Promise<void> {
		const { images, slots, memory, region } = this.options;
		const total = request.len;
		if (total === undefined) throw new GroupError(ImageGroupError.invalidLength);
		if (data.length < IMAGE_HEADER_BYTES) throw new GroupError(ImageGroupError.invalidHeader);
		if (total > IMAGE_ROOM_BYTES)
			throw new GroupError(
				ImageGroupError.tooLarge,
				`the image has ${total} bytes, its slot has room for ${IMAGE_ROOM_BYTES}`,
			);
		const { version, headerBytes, bodyBytes } = headerOf(data);
		if (headerBytes + bodyBytes > total)
			throw new GroupError(ImageGroupError.invalidHeader, "the image is longer than the length announced");
		await this.abandon();
		await images.inTurn(async () => {
			if (request.upgrade === true || request.upgrade === 1) {
				const running = await images.runningVersion();
				if (running !== undefined && compareVersions(version, running) <= 0)
					throw new GroupError(ImageGroupError.newerRuns);
			}
			await images.release();
		});
		const staging = { at: region.at + WORK_BYTES, bytes: region.bytes - WORK_BYTES };
		const writer = new UploadWriter({ memory, staging, flash: slots[images.spare], total });
		const sha = request.sha?.length === HASH_BYTES ? request.sha.slice() : undefined;
		this.upload = { writer, total, sha, match: undefined };
		memory.sha256Begin(this.contextAt);
		writer.begin();
	}

	private digest(piece: Uint8Array): void {
		const { memory, region } = this.options;
		const room = region.at + WORK_BYTES - this.pieceAt;
		for (let from = 0; from < piece.length; from += room) {
			const part = piece.subarray(from, from + room);
			new Uint8Array(memory.memory, this.pieceAt, part.length).set(part);
			memory.sha256Update(this.contextAt, this.pieceAt, part.length);
		}
	}

	private matches(sha: Uint8Array | undefined): boolean {
		const { memory } = this.options;
		const resultAt = this.contextAt + SHA256_CONTEXT_BYTES;
		memory.sha256End(this.contextAt, resultAt);
		return sha !== undefined && sameBytes(sha, new Uint8Array(memory.memory, resultAt, HASH_BYTES));
	}
}

function beginsWith(sha: Uint8Array | undefined, beginning: Uint8Array): boolean {
	return sha !== undefined && sameBytes(sha.subarray(0, beginning.length), beginning);
}

function headerOf(data: Uint8Array): ReturnType<typeof readImageHeader> {
	try {
		return readImageHeader(data);
	} catch (error) {
		if (!(error instanceof ImageError)) throw error;
		const magic = error.fault === "wrong-magic";
		throw new GroupError(magic ? ImageGroupError.invalidMagic : ImageGroupError.invalidHeader, error.message);
	}
}
