import { IMAGE_ROOM_BYTES } from "@bodycam/protocol/board/flash-layout";
import { BOARD_ABI, engineOf } from "@bodycam/protocol/board/identity";
import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import { imageKeyHash } from "@bodycam/protocol/image/build";
import { BoardFlashSlot } from "../board/flash.ts";
import type { Log } from "../hal/log.ts";
import type { FirmwareServices } from "../link/firmware-handlers.ts";
import { FlashAccess, FlashWork } from "../update/flash-access.ts";
import type { ImageServices } from "../update/image-handlers.ts";
import { ImageManager } from "../update/image-manager.ts";
import { ImageUpload } from "../update/image-upload.ts";
import { SecurityCounter } from "../update/security-counter.ts";
import { SelfTest, type SelfTestPart } from "../update/self-test.ts";
import type { Hardware } from "./hardware.ts";

/** An image that has run so long without a defect is no crash loop, µs. */
const HEALTHY_AFTER = 60_000_000;

/** What updates need of the other parts. */
export interface UpdateParts {
	/** The log. */
	readonly log: Log;
	/** What the self-test looks at, besides the link. */
	readonly works: Readonly<Record<Exclude<SelfTestPart, "link">, () => boolean>>;
	/** Restarts a little later. */
	readonly restart: () => void;
}

/** Updates of the firmware, as the link serves them. */
export interface Update {
	/** The image group. */
	readonly images: ImageServices;
	/** The firmware group. */
	readonly firmware: FirmwareServices;
	/** A peer has asked for something: the link works. */
	readonly heard: () => void;
}

/**
 * Opens the image slots. An image whose update says so confirms itself once its self-test has passed, and goes back to
 * the other one when it does not.
 */
export function openUpdate(hardware: Hardware, { log, works, restart }: UpdateParts): Update {
	const { board, map, identity, timers, signature, boot, keys, reset } = hardware;
	const memory = board.native;
	const work = new FlashWork(memory, map.flash);
	const slots = [
		new BoardFlashSlot({ board, slot: "primary" }),
		new BoardFlashSlot({ board, slot: "secondary" }),
	] as const;
	const counter = new SecurityCounter(new FlashAccess(new BoardFlashSlot({ board, slot: "counter" }), work));
	const terms = { keys, board: identity.board, engine: engineOf(identity.engine) };
	const running = boot && { slot: boot.slot === 1 ? (1 as const) : (0 as const), counter: boot.counter };
	const images = new ImageManager({ slots, work, counter, running, terms, crypto: signature });
	const upload = new ImageUpload({ memory, region: map.upload, slots, images });
	let heard = false;

	const confirm = (why: string) => {
		images
			.inTurn(() => images.confirm())
			.then(
				() => log.write("info", why),
				(error: unknown) => log.write("error", `the firmware is not confirmed: ${String(error)}`),
			);
	};
	const selfTest = new SelfTest({
		timers,
		parts: { ...works, link: () => heard },
		onPassed: () => {
			if (boot?.confirmsItself === true)
				confirm("the firmware has confirmed itself: its self-test has passed");
		},
		onFailed: () => {
			if (boot?.confirmsItself !== true) return;
			log.write(
				"error",
				`the self-test has failed (${selfTest.status.open.join(", ")}): back to the other firmware`,
			);
			restart();
		},
	});
	const healthy = timers.create(() => {
		reset.forgive();
		// What was confirmed before it ran, or whose counter was not raised because the power went, does it now.
		if (boot?.confirmed === true && boot.counter > boot.storedCounter)
			confirm("the security counter is raised");
	});
	if (boot !== undefined) healthy.start(HEALTHY_AFTER);

	const status = async (): Promise<FirmwareStatus> => ({
		board: identity.board,
		engine: identity.engine,
		abi: BOARD_ABI,
		roomBytes: IMAGE_ROOM_BYTES,
		trustedKeys: keys.map((key) => imageKeyHash(key, signature)),
		// The counter may have risen since the boot stage read it: who asks wants to know what is taken now.
		...(boot === undefined
			? {}
			: { boot: { ...boot, storedCounter: counter.lastKnown ?? boot.storedCounter } }),
		signatures: await images.inTurn(() => images.signatures()),
		selfTest: selfTest.status,
	});
	return {
		images: { images, upload },
		firmware: { status },
		heard: () => {
			heard = true;
		},
	};
}
