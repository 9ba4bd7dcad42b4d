import type { BootBlock } from "@bodycam/protocol/board/records";
import type { BootDecision } from "@bodycam/protocol/camera/firmware";
import type { CrashRecord } from "@bodycam/protocol/camera/log";
import type { Board } from "../board/board.ts";
import { takeBootBlock } from "../board/boot-block.ts";
import { BoardDisplay } from "../board/display.ts";
import { BoardHaptic } from "../board/haptic.ts";
import { BoardIndicator } from "../board/indicator.ts";
import { BoardKeyValue } from "../board/key-value.ts";
import { BoardLogConsole } from "../board/log-console.ts";
import { HmacGenerator } from "../board/random.ts";
import { BoardResetControl } from "../board/reset-control.ts";
import { NativeSignature } from "../board/signature.ts";
import { BoardTimers } from "../board/timers.ts";
import { BoardWatchdog } from "../board/watchdog.ts";
import type { DeviceIdentity } from "../hal/device-identity.ts";
import type { Display } from "../hal/display.ts";
import type { Haptic } from "../hal/haptic.ts";
import type { Indicator } from "../hal/indicator.ts";
import type { KeyValue } from "../hal/key-value.ts";
import type { RandomSource } from "../hal/random-source.ts";
import type { ResetControl } from "../hal/reset-control.ts";
import type { Signature } from "../hal/signature.ts";
import type { Timers } from "../hal/timers.ts";
import type { Watchdog } from "../hal/watchdog.ts";
import { layOutMemory, type MemoryMap } from "./memory-map.ts";

/** Time after which the board resets a camera that gives no sign of life, ms. */
const WATCHDOG_TIMEOUT = 10_000;

/** What the boot record says, besides its boot block. */
export interface BootRecord {
	/** Bytes of media memory. */
	readonly total: number;
	/** Bytes of it that are the ring arena. */
	readonly arena: number;
	/** `ResetReason` of the board records. */
	readonly reason: number;
	/** Where the boot block lies. */
	readonly blockAt: number;
	/** Bytes of the boot block. */
	readonly blockLength: number;
}

/** The hardware that needs no callbacks, and what the boot record told. */
export interface Hardware {
	/** The record queues. */
	readonly board: Board;
	/** Where everything lies in media memory. */
	readonly map: MemoryMap;
	/** Who the device is. */
	readonly identity: DeviceIdentity;
	/** What the last run died of. */
	readonly crash: CrashRecord | undefined;
	/** What the boot stage decided; undefined where there was none. */
	readonly boot: BootDecision | undefined;
	/** Public keys whose images may run. */
	readonly keys: readonly Uint8Array[];
	/** Clock and timers. */
	readonly timers: Timers;
	/** The random generator. */
	readonly random: RandomSource;
	/** Signatures. */
	readonly signature: Signature;
	/** Reset. */
	readonly reset: ResetControl;
	/** The log console. */
	readonly console: BoardLogConsole;
	/** The key-value store. */
	readonly keyValue: KeyValue;
	/** The light that faces the public. */
	readonly publicLight: Indicator;
	/** The light that faces the wearer. */
	readonly wearerLight: Indicator;
	/** The front display. */
	readonly display: Display;
	/** The vibration motor. */
	readonly haptic: Haptic;
	/** The watchdog. */
	readonly watchdog: Watchdog;
}

/**
 * Lays out the memory and opens the hardware that needs no callbacks.
 * @throws BootBlockError, MemoryTooSmallError when board and firmware do not belong together
 */
export function openHardware(board: Board, boot: BootRecord): Hardware {
	const { native } = board;
	const block: BootBlock = takeBootBlock(native, boot.blockAt, boot.blockLength);
	const map = layOutMemory(boot.total, boot.arena);
	const { entropy, seeded } = block;
	const random = new HmacGenerator({ native, region: map.random, entropy, seeded });
	entropy.fill(0);
	return {
		board,
		map,
		identity: { board: block.board, serial: block.serial, engine: block.engine, build: block.build },
		crash: block.crash,
		boot: block.boot,
		keys: block.keys ?? [],
		timers: new BoardTimers({ board }),
		random,
		signature: new NativeSignature({ native, region: map.signature }),
		reset: new BoardResetControl({ board, reason: boot.reason }),
		console: new BoardLogConsole({ board }),
		keyValue: new BoardKeyValue({ board, buffer: map.keyValue }),
		publicLight: new BoardIndicator({ board, facing: "public" }),
		wearerLight: new BoardIndicator({ board, facing: "wearer" }),
		display: new BoardDisplay({ board, buffer: map.display }),
		haptic: new BoardHaptic({ board }),
		watchdog: new BoardWatchdog({ board, timeout: WATCHDOG_TIMEOUT }),
	};
}
