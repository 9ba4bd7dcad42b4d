import {
	FLASH_BLOCK_BYTES,
	FLASH_SECTOR_BYTES,
	TRAILER_SECTOR_AT,
} from "@bodycam/protocol/board/flash-layout";
import type { SlotSignature } from "@bodycam/protocol/camera/firmware";
import { ImageError, imageAdvice } from "@bodycam/protocol/image/image-error";
import type { ImageOutline } from "@bodycam/protocol/image/parse";
import type { EngineAbi } from "@bodycam/protocol/image/vendor";
import { formatWireVersion } from "@bodycam/protocol/image/version";
import type { ResponseOf } from "@bodycam/protocol/smp/command";
import { GroupError } from "@bodycam/protocol/smp/errors";
import { ImageGroupError, type imageStateRead } from "@bodycam/protocol/smp/image";
import { sameBytes, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { FlashSlot } from "../hal/flash.ts";
import { FlashAccess, type FlashWork } from "./flash-access.ts";
import type { SecurityCounter } from "./security-counter.ts";
import { chooseSlot, type SlotNumber } from "./slot-choice.ts";
import { readOutline, verifySlot } from "./slot-image.ts";
import { type SlotState, SlotTrailer } from "./slot-trailer.ts";

/** What an image has to be to run here. */
export interface ImageTerms {
	/** Public keys whose images may run. */
	readonly keys: readonly Uint8Array[];
	/** Name of the board. */
	readonly board: string;
	/** The engine. */
	readonly engine: EngineAbi | undefined;
}

/** The image that runs. */
export interface RunningImage {
	/** Where it lies. */
	readonly slot: SlotNumber;
	/** Its security counter. */
	readonly counter: number;
}

/** What `ImageManager` works with. */
export interface ImageManagerOptions {
	/** The two image slots. */
	readonly slots: readonly [FlashSlot, FlashSlot];
	/** Working memory for flash. */
	readonly work: FlashWork;
	/** The security counter. */
	readonly counter: SecurityCounter;
	/** The image that runs; undefined where nothing runs from a slot. */
	readonly running: RunningImage | undefined;
	/** What an image has to be to run here. */
	readonly terms: ImageTerms;
	/** Hash and signature. */
	readonly crypto: TrustCrypto;
}

type ImageStates = ResponseOf<typeof imageStateRead>["images"];

interface Slot {
	readonly access: FlashAccess;
	readonly trailer: SlotTrailer;
}

/** The images in the slots: which there are, which runs next, which is confirmed. */
export class ImageManager {
	private readonly options: ImageManagerOptions;
	private readonly slots: readonly [Slot, Slot];
	private last: Promise<unknown> = Promise.resolve();

	constructor(options: ImageManagerOptions) {
		const open = (flash: FlashSlot): Slot => {
			const access = new FlashAccess(flash, options.work);
			return { access, trailer: new SlotTrailer(access) };
		};
		this.options = options;
		this.slots = [open(options.slots[0]), open(options.slots[1])];
	}

	/** The slot that does not run: what may be changed. */
	get spare(): SlotNumber {
		return this.options.running?.slot === 0 ? 1 : 0;
	}

	/** Does work on the slots when all that was asked for before is done. */
	inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = this.last.then(work);
		this.last = result.catch(() => undefined);
		return result;
	}

	/** The images as the image group lists them. */
	async list(): Promise<ImageStates> {
		const states = await this.trailers();
		const { candidates } = chooseSlot(states);
		const running = this.options.running?.slot;
		const tested = running !== undefined && states[running].imageOk !== "set";
		const images: ImageStates[number][] = [];
		for (const slot of [0, 1] as const) {
			const image = await this.outline(slot);
			if (image === undefined) continue;
			const candidate = candidates.find((one) => one.slot === slot);
			const active = slot === running;
			const pending = !active && candidate !== undefined && candidate.swap !== "none";
			images.push({
				slot,
				version: formatWireVersion(image.header.version),
				hash: image.hash.slice(),
				bootable: true,
				pending,
				confirmed: active ? !tested : tested && candidate?.swap === "none",
				active,
				permanent: pending && candidate.swap === "permanent",
			});
		}
		return images;
	}

	/** Who signed the images in the slots: their hashes do not tell. */
	async signatures(): Promise<SlotSignature[]> {
		const found: SlotSignature[] = [];
		for (const slot of [0, 1] as const) {
			const image = await this.outline(slot);
			if (image === undefined) continue;
			const { keyHash, signature } = image;
			found.push({
				slot,
				...(keyHash === undefined ? {} : { keyHash: keyHash.slice() }),
				...(signature === undefined ? {} : { signature: signature.slice() }),
			});
		}
		return found;
	}

	/**
	 * Marks the image with that hash for the next reset, or confirms it when it is the one that runs.
	 * @throws GroupError when there is none, or it would not be run
	 */
	async mark(
		hash: Uint8Array,
		how: { readonly confirm: boolean; readonly confirmsItself: boolean },
	): Promise<void> {
		// Both slots have it when an image was signed anew: to be tested is the one that does not run, to be confirmed
		// the one that does.
		const slot = await this.find(hash, how.confirm ? this.running : this.spare);
		const states = await this.trailers();
		const running = this.options.running?.slot;
		if (slot === running) {
			if (!how.confirm) throw new GroupError(ImageGroupError.testOfActive);
			return this.confirm();
		}
		// It is what the next reset goes back to: its trailer must stay as it is.
		if (running !== undefined && states[running].imageOk !== "set") return;
		await this.demand(slot);
		const turn = Math.max(states[0].mark?.turn ?? 0, states[1].mark?.turn ?? 0) + 1;
		await this.slots[slot].trailer.mark(how.confirm ? "permanent" : "test", {
			turn,
			confirmsItself: how.confirmsItself,
		});
	}

	/**
	 * Confirms the image that runs, and raises the security counter to its own: older ones are not taken any more.
	 * @throws GroupError when nothing runs from a slot, or its counter has become too low
	 */
	async confirm(): Promise<void> {
		const { running, counter } = this.options;
		if (running === undefined) throw new GroupError(ImageGroupError.noImage, "nothing runs from a slot");
		const stored = await counter.read();
		if (running.counter < stored)
			throw new GroupError(
				ImageGroupError.confirmationDenied,
				`its security counter is ${running.counter}; at least ${stored} is needed`,
			);
		const { trailer } = this.slots[running.slot];
		const { imageOk, mark } = await trailer.read();
		// In this order: while the image is not confirmed, the other one must still be taken.
		if (imageOk === "unset") await trailer.setImageOk();
		else if (imageOk === "bad") await trailer.mark("installed", mark ?? { turn: 1, confirmsItself: false });
		await counter.raise(running.counter);
	}

	/** Whether the image that runs is confirmed; true where nothing runs from a slot. */
	async confirmed(): Promise<boolean> {
		const running = this.options.running?.slot;
		return running === undefined || (await this.slots[running].trailer.read()).imageOk === "set";
	}

	/** @throws GroupError unless the spare slot may be changed: while the running image is tested, the other is what saves the camera */
	async demandFree(): Promise<void> {
		if (!(await this.confirmed())) throw new GroupError(ImageGroupError.noFreeSlot);
	}

	/**
	 * Makes the spare slot's image run no more, before anything of it is changed, and be no image: with what follows its
	 * body gone, the beginning of another one in front of it cannot pass for that.
	 * @throws GroupError as `demandFree`
	 */
	async release(): Promise<void> {
		await this.demandFree();
		const { access, trailer } = this.slots[this.spare];
		const image = await this.outline(this.spare);
		await trailer.clear();
		if (image === undefined) return;
		const { headerBytes, bodyBytes } = image.header;
		const bodyEnd = headerBytes + bodyBytes;
		await access.erase(bodyEnd - (bodyEnd % FLASH_SECTOR_BYTES), FLASH_SECTOR_BYTES);
	}

	/** Erases the image of the spare slot. @throws GroupError as `demandFree` */
	async erase(): Promise<void> {
		const { access } = this.slots[this.spare];
		const image = await this.outline(this.spare);
		await this.release();
		const bytes = image === undefined ? FLASH_SECTOR_BYTES : Math.min(image.imageBytes, TRAILER_SECTOR_AT);
		await access.erase(0, Math.ceil(bytes / FLASH_BLOCK_BYTES) * FLASH_BLOCK_BYTES);
	}

	/** Version of the image that runs; undefined where nothing runs from a slot. */
	async runningVersion(): Promise<ImageOutline["header"]["version"] | undefined> {
		const { running } = this.options;
		return running === undefined ? undefined : (await this.outline(running.slot))?.header.version;
	}

	/** The slot that runs; where nothing does, the one whose image would be run first of two alike. */
	private get running(): SlotNumber {
		return this.spare === 0 ? 1 : 0;
	}

	/** The slot with the image of that hash. @param first - looked at first */
	private async find(hash: Uint8Array, first: SlotNumber): Promise<SlotNumber> {
		for (const slot of first === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
			const image = await this.outline(slot);
			if (image !== undefined && sameBytes(image.hash, hash)) return slot;
		}
		throw new GroupError(ImageGroupError.hashNotFound);
	}

	/** The boot stage asks for the same; whoever marks an image is told before the reset. */
	private async demand(slot: SlotNumber): Promise<void> {
		const { counter, crypto, terms } = this.options;
		try {
			const { keys, board, engine } = terms;
			const lowest = await counter.read();
			const demands = { keys, board, ...(engine === undefined ? {} : { engine }), counter: lowest };
			await verifySlot(this.slots[slot].access, demands, crypto);
		} catch (error) {
			if (!(error instanceof ImageError)) throw error;
			const declared =
				error.fault === "bad-hash" ? ImageGroupError.invalidHash : ImageGroupError.invalidHeader;
			throw new GroupError(declared, `${error.message}. ${imageAdvice(error.fault)}`);
		}
	}

	private async trailers(): Promise<[SlotState, SlotState]> {
		return [await this.slots[0].trailer.read(), await this.slots[1].trailer.read()];
	}

	private async outline(slot: SlotNumber): Promise<ImageOutline | undefined> {
		try {
			return await readOutline(this.slots[slot].access);
		} catch (error) {
			if (error instanceof ImageError) return undefined;
			throw error;
		}
	}
}
