import { engineOf } from "@bodycam/protocol/board/identity";
import { System } from "@bodycam/protocol/board/records";
import type { Rejection } from "@bodycam/protocol/camera/firmware";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import type { Board } from "../board/board.ts";
import { takeBootBlock } from "../board/boot-block.ts";
import { BoardFlashSlot } from "../board/flash.ts";
import { NativeSignature } from "../board/signature.ts";
import { FlashAccess, FlashWork } from "../update/flash-access.ts";
import { SecurityCounter } from "../update/security-counter.ts";
import { countAttempt, encodeAttempts } from "./attempts.ts";
import { type BootMemory, layOutBootMemory } from "./boot-memory.ts";
import { decide } from "./decide.ts";
import { startRecovery } from "./recovery.ts";

/** The board resets a boot stage that has not decided by then, ms. */
const WATCHDOG_TIMEOUT = 10_000;

const WARNING = 2;

/** What the boot record says. */
export interface BootStageRecord {
	/** `ResetReason` of the board records. */
	readonly reason: number;
	/** Where the boot block lies, and its bytes. */
	readonly blockAt: number;
	readonly blockLength: number;
}

/** Decides which image is run and has the board start it; without one it answers on the serial port. */
export async function runBootStage(board: Board, boot: BootStageRecord): Promise<void> {
	board.post(System.WATCHDOG_FEED, 0, WATCHDOG_TIMEOUT);
	const { native } = board;
	const memory = layOutBootMemory();
	const block = takeBootBlock(native, boot.blockAt, boot.blockLength);
	const work = new FlashWork(native, memory.flash);
	const crypto = new NativeSignature({ native, region: memory.signature });
	const flash = [
		new BoardFlashSlot({ board, slot: "primary" }),
		new BoardFlashSlot({ board, slot: "secondary" }),
	] as const;
	const counterArea = new FlashAccess(new BoardFlashSlot({ board, slot: "counter" }), work);
	const counter = new SecurityCounter(counterArea);
	const attempts = countAttempt(block.retained, boot.reason);
	const terms = { keys: block.keys ?? [], board: block.board, engine: engineOf(block.engine) };
	const slots = [new FlashAccess(flash[0], work), new FlashAccess(flash[1], work)] as const;
	const evidence = {
		slots,
		terms,
		storedCounter: await counter.read(),
		attempts,
		crypto,
		developmentKeys: block.developmentKeys ?? [],
	};
	const { start, rejected } = await decide(evidence);
	for (const one of rejected) tell(board, memory, one);
	retain(board, memory, encodeAttempts(attempts, start?.slot));
	if (start === undefined) {
		startRecovery({ board, memory, flash, work, counter, evidence, rejected, engine: block.engine });
		return;
	}
	const decision = encodeCbor(start.decision);
	new Uint8Array(native.memory, memory.decision.at, decision.length).set(decision);
	const { slot, bodyAt, bodyBytes } = start;
	board.post(System.START, 0, slot, bodyAt, bodyBytes, memory.decision.at, decision.length);
}

function retain(board: Board, { retained }: BootMemory, bytes: Uint8Array): void {
	new Uint8Array(board.native.memory, retained.at, bytes.length).set(bytes);
	board.post(System.RETAIN, 0, retained.at, bytes.length);
}

/** Says why an image is not run; each slot's line has a place of its own, for the board takes them later. */
function tell(board: Board, { log }: BootMemory, { slot, reason, detail }: Rejection): void {
	const text = `boot: the image in slot ${slot} is not run (${reason}): ${detail}`;
	const bytes = log.bytes / 2;
	const at = log.at + slot * bytes;
	board.post(System.LOG, 0, at, board.native.writeText(at, bytes, text), WARNING);
}
