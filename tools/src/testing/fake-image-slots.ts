import { createHash } from "node:crypto";
import { type FirmwareStatus, firmwareRead, type Rejection } from "@bodycam/protocol/camera/firmware";
import { logRead } from "@bodycam/protocol/camera/log";
import { type Status, statusRead } from "@bodycam/protocol/camera/status";
import { parseImage } from "@bodycam/protocol/image/parse";
import { formatWireVersion } from "@bodycam/protocol/image/version";
import { GroupError, SmpError } from "@bodycam/protocol/smp/errors";
import {
	ImageGroupError,
	imageErase,
	imageStateRead,
	imageStateWrite,
	imageUpload,
} from "@bodycam/protocol/smp/image";
import { osEcho, osParameters, osReset } from "@bodycam/protocol/smp/os";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import type { Device } from "./memory-transport.ts";
import { SAMPLE_STATUS } from "./sample-status.ts";

type Outcome = "runs" | "reverts" | "silent";

/** A device with two image slots in memory, as MCUboot runs them in place; the test decides how a new image does. */
export class FakeImageDevice {
	readonly slots: (Uint8Array | undefined)[] = [undefined, undefined];
	active = 0;
	confirmed = true;
	pending: "test" | "permanent" | undefined;
	/** No image is valid: the boot stage answers, and knows nothing but images. */
	recovering = false;
	/** What becomes of the next reset. */
	outcome: Outcome = "runs";
	boot = 1;
	resets = 0;
	/** What images were to become. */
	readonly asked: string[] = [];
	/** Offsets of the pieces that came in. */
	readonly offsets: number[] = [];
	/** Most bytes the upload has reached, and its announcement. */
	upload: { readonly sha: string; readonly file: Uint8Array; off: number } | undefined;
	/** What the camera tells besides; undefined for a device that is no camera of ours. */
	firmware: FirmwareStatus | undefined;
	/** What it does besides; undefined for a device that does not tell. */
	capture: Status["capture"] | undefined;
	/** Called when an image is whole, and when one has been marked. */
	onWhole: () => void = () => undefined;
	onMarked: () => void = () => undefined;
	/** Requests that find nobody, from the reset on. */
	deafFor = 0;
	readonly #server: SmpServer;

	/** @param running - the image that runs @param sizes - as the os group tells them */
	constructor(running: Uint8Array, sizes: { bufferSize?: number; bufferCount?: number } = {}) {
		const { bufferSize = 512, bufferCount = 4 } = sizes;
		this.slots[0] = running;
		const server = new SmpServer({ bufferSize, bufferCount: 64 });
		this.#server = server;
		server.register(osEcho, ({ d }) => ({ r: d ?? "" }));
		server.register(osParameters, () => ({ buf_size: bufferSize, buf_count: bufferCount }));
		server.register(osReset, () => {
			if (this.#records) throw new SmpError(ReturnCode.busy);
			setImmediate(() => this.#restart());
			return {};
		});
		server.register(logRead, ({ after = 0 }) => {
			if (this.recovering) throw new SmpError(ReturnCode.notSupported);
			return { lines: [], next: after, lost: 0, boot: this.boot };
		});
		server.register(statusRead, () => {
			if (this.recovering || this.capture === undefined) throw new SmpError(ReturnCode.notSupported);
			return { status: { ...SAMPLE_STATUS, capture: this.capture } };
		});
		server.register(imageStateRead, () => this.#state());
		server.register(imageStateWrite, ({ hash, confirm = false, selfConfirm = false }) => {
			const slot =
				hash === undefined ? this.active : this.#slotOf(hash, confirm ? this.active : 1 - this.active);
			if (slot === undefined) throw new GroupError(ImageGroupError.hashNotFound);
			if (slot === this.active) this.confirmed = true;
			else this.pending = confirm || selfConfirm ? "permanent" : "test";
			this.asked.push(selfConfirm ? "selfConfirm" : confirm ? "confirm" : "test");
			this.onMarked();
			return this.#state();
		});
		server.register(imageErase, () => {
			this.slots[1 - this.active] = undefined;
			this.upload = undefined;
			return {};
		});
		server.register(imageUpload, ({ off, len, sha, data = new Uint8Array() }) => {
			this.offsets.push(off);
			return this.#upload(off, len, sha, data);
		});
	}

	/** Also answers as one of our cameras. */
	asCamera(status: FirmwareStatus): this {
		this.firmware = status;
		this.#server.register(firmwareRead, () => ({
			firmware: { ...(this.firmware as FirmwareStatus), signatures: this.#signatures() },
		}));
		return this;
	}

	/** The device a transport leads to. */
	readonly device: Device = (packet, respond) => {
		if (this.deafFor > 0) this.deafFor -= 1;
		else this.#server.handle(packet, OPEN_SESSION, respond);
	};

	get #records(): boolean {
		return this.capture?.state === "recording" || this.capture?.state === "paused";
	}

	#upload(off: number, len: number | undefined, sha: Uint8Array | undefined, data: Uint8Array) {
		if (off === 0 && len !== undefined) {
			const name = Buffer.from(sha ?? []).toString("hex");
			if (this.upload?.sha === name) return { off: this.upload.off };
			this.upload = { sha: name, file: new Uint8Array(len), off: 0 };
		}
		const { upload } = this;
		if (upload === undefined) throw new GroupError(ImageGroupError.invalidOffset);
		if (off !== 0 && sha !== undefined && !upload.sha.startsWith(Buffer.from(sha).toString("hex")))
			throw new GroupError(ImageGroupError.contextSet, "another client has begun an upload");
		if (off !== upload.off) return { off: upload.off };
		upload.file.set(data, off);
		upload.off += data.length;
		if (upload.off < upload.file.length) return { off: upload.off };
		this.slots[1 - this.active] = upload.file;
		const match = createHash("sha256").update(upload.file).digest("hex") === upload.sha;
		this.upload = undefined;
		this.onWhole();
		return { off: upload.off, match };
	}

	#restart(): void {
		this.resets += 1;
		this.boot += 1;
		if (this.outcome === "silent") {
			this.deafFor = Number.POSITIVE_INFINITY;
			return;
		}
		this.deafFor = 3;
		const { pending } = this;
		this.pending = undefined;
		if (pending !== undefined && this.outcome === "runs") {
			this.active = 1 - this.active;
			this.recovering = false;
			this.confirmed = pending === "permanent";
		} else if (pending === undefined && !this.confirmed) {
			this.active = 1 - this.active;
			this.confirmed = true;
		} else if (pending !== undefined && this.firmware?.boot !== undefined) {
			const rejected: Rejection = {
				slot: 1 - this.active,
				reason: "crash-loop",
				detail: "it died three times",
			};
			this.firmware = {
				...this.firmware,
				boot: { ...this.firmware.boot, swap: "revert", rejected: [rejected] },
			};
		}
	}

	#slotOf(hash: Uint8Array, first: number): number | undefined {
		return [first, 1 - first].find((slot) => {
			const bytes = this.slots[slot];
			return bytes !== undefined && Buffer.compare(parseImage(bytes).hash, hash) === 0;
		});
	}

	#signatures() {
		return this.slots.flatMap((bytes, slot) => {
			const { signature, keyHash } = bytes === undefined ? {} : parseImage(bytes);
			return signature === undefined || keyHash === undefined
				? []
				: [{ slot, keyHash: new Uint8Array(keyHash), signature: new Uint8Array(signature) }];
		});
	}

	#state() {
		const images = this.slots.flatMap((bytes, slot) => {
			if (bytes === undefined) return [];
			const { header, hash } = parseImage(bytes);
			const active = slot === this.active && !this.recovering;
			return [
				{
					slot,
					version: formatWireVersion(header.version),
					hash: new Uint8Array(hash),
					bootable: true,
					pending: !active && this.pending !== undefined,
					permanent: !active && this.pending === "permanent",
					active,
					confirmed: active ? this.confirmed : !this.confirmed,
				},
			];
		});
		return { images, splitStatus: 0 };
	}
}
