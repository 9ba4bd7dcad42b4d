import { IMAGE_ROOM_BYTES } from "@bodycam/protocol/board/flash-layout";
import { ResetReason, System } from "@bodycam/protocol/board/records";
import { firmwareRead, type Rejection } from "@bodycam/protocol/camera/firmware";
import { imageKeyHash } from "@bodycam/protocol/image/build";
import { osEcho, osParameters, osReset } from "@bodycam/protocol/smp/os";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import type { Board } from "../board/board.ts";
import { BoardResetControl } from "../board/reset-control.ts";
import { BoardSerial } from "../board/serial.ts";
import { BoardTimers } from "../board/timers.ts";
import type { FlashSlot } from "../hal/flash.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "../link/limits.ts";
import { SerialEndpoint } from "../link/serial-endpoint.ts";
import type { FlashWork } from "../update/flash-access.ts";
import { registerImageHandlers } from "../update/image-handlers.ts";
import { ImageManager } from "../update/image-manager.ts";
import { ImageUpload } from "../update/image-upload.ts";
import type { SecurityCounter } from "../update/security-counter.ts";
import type { BootMemory } from "./boot-memory.ts";
import type { Evidence } from "./decide.ts";

/** Time a response has to get out before the restart, µs. */
const RESTART_DELAY = 250_000;

/** The board resets a recovery that gives no sign of life, ms, and how often it gives one, µs. */
const WATCHDOG_TIMEOUT = 10_000;
const HEARTBEAT = 2_500_000;

/** What recovery works with. */
export interface RecoveryParts {
	/** The record queues. */
	readonly board: Board;
	/** Where everything lies. */
	readonly memory: BootMemory;
	/** The two image slots. */
	readonly flash: readonly [FlashSlot, FlashSlot];
	/** Working memory for flash. */
	readonly work: FlashWork;
	/** The security counter. */
	readonly counter: SecurityCounter;
	/** What an image has to be, and how that is verified. */
	readonly evidence: Pick<Evidence, "terms" | "crypto">;
	/** Why the images there are not run. */
	readonly rejected: readonly Rejection[];
	/** Engine and version, as the boot block names it. */
	readonly engine: string;
}

/**
 * Answers SMP on the serial port while there is no image to be run, so that one can be uploaded: echo, parameters and
 * reset, the image group, and what image would be taken.
 */
export function startRecovery({
	board,
	memory,
	flash,
	work,
	counter,
	evidence,
	rejected,
	engine,
}: RecoveryParts): void {
	const { native } = board;
	const { terms, crypto } = evidence;
	const timers = new BoardTimers({ board });
	const server = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: BUFFER_COUNT });
	const reset = new BoardResetControl({ board, reason: ResetReason.requested });
	const restart = timers.create(() => {
		// Whoever asks for it wants the images there to be tried again.
		reset.forgive();
		reset.restart();
	});
	server.register(osEcho, ({ d }) => ({ r: d ?? "" }));
	server.register(osParameters, () => ({ buf_size: BUFFER_BYTES, buf_count: BUFFER_COUNT }));
	server.register(osReset, () => {
		restart.start(RESTART_DELAY);
		return {};
	});
	const images = new ImageManager({ slots: flash, work, counter, running: undefined, terms, crypto });
	server.register(firmwareRead, async () => ({
		firmware: {
			board: terms.board,
			engine,
			abi: terms.engine?.abi ?? 0,
			roomBytes: IMAGE_ROOM_BYTES,
			trustedKeys: terms.keys.map((key) => imageKeyHash(key, crypto)),
			signatures: await images.inTurn(() => images.signatures()),
			selfTest: { state: "running" as const, open: [] },
			recovery: true,
			rejected: [...rejected],
		},
	}));
	const upload = new ImageUpload({ memory: native, region: memory.upload, slots: flash, images });
	registerImageHandlers(server, { images, upload });
	new SerialEndpoint({
		memory: native,
		assembly: memory.linkAssembly,
		send: memory.serialSend,
		server,
		now: () => board.now(),
		// Whoever holds the camera's cable could as well take its flash out; what runs is signed all the same.
		session: () => OPEN_SESSION,
		openSerial: (options) => new BoardSerial({ ...options, port: 0, board, buffer: memory.serialReceive }),
	});
	const heartbeat = timers.create(() => {
		board.post(System.WATCHDOG_FEED, 0, WATCHDOG_TIMEOUT);
		heartbeat.start(HEARTBEAT);
	});
	heartbeat.start(0);
}
