import type { EngineName } from "../machine/engine-name.ts";
import type { CardChange } from "../peripherals/card.ts";
import type { CameraState } from "../state/camera-state.ts";
import { memoryState } from "../state/camera-state.ts";
import { type BlockStore, MemoryBlockStore, SECTOR_BYTES } from "../storage/block-store.ts";
import type { FlashMemory } from "../storage/flash-memory.ts";
import { ValueStore } from "../storage/value-store.ts";
import { bootCamera } from "./boot-camera.ts";

/** Bytes of the card. */
const CARD_BYTES = 256 * 1024 * 1024;

const PRE_RECORD_SECONDS = 4;

/** What is in front of the camera when the recording begins, on its clock. */
export const RECORDED_AT = Date.UTC(2027, 0, 1, 12);

/** A change of the card, and what else the camera kept when it was about to be made. */
export interface RecordedCardChange {
	readonly change: CardChange;
	/** What was being done. */
	readonly phase: string;
	/** Time since power-on, ms. */
	readonly time: number;
	/** The key-value store. */
	readonly values: ReadonlyMap<string, Uint8Array>;
}

/** A recording as the card saw it. */
export interface RecordedCard {
	/** The card before the first change: one complete recording on it. */
	readonly initial: MemoryBlockStore;
	readonly changes: readonly RecordedCardChange[];
	/** When everything from before the trigger was on the card, ms since power-on. */
	readonly drainedAt: number;
	/** The custody record of the recording when it was complete. */
	readonly custody: Uint8Array;
	/** What the camera keeps elsewhere, with its card as it was in the end. */
	readonly state: CameraState;
	/** The flash. */
	readonly flash: FlashMemory;
}

/** How a camera of these recordings is booted; each time with another seed, as a boot has other random numbers. */
export const RECORDED_CAMERA = { preRecordSeconds: PRE_RECORD_SECONDS } as const;

const SEED = 5;

/**
 * Makes a recording with everything before it, a pause and a stop, after another one, and notes each change of the card.
 */
export async function recordCard(engine: EngineName): Promise<RecordedCard> {
	const state = memoryState(CARD_BYTES);
	const camera = await bootCamera({ ...RECORDED_CAMERA, seed: SEED, engine, state, clockMs: RECORDED_AT });
	camera.advance(2_000);
	camera.press("start");
	camera.advance(1_000);
	camera.press("stop");
	camera.advance(6_000);
	const changes: RecordedCardChange[] = [];
	let phase = "armed";
	const initial = copyOf(state.card);
	camera.board.peripherals.card.onChange = (told) => {
		const change = told.kind === "write" ? { ...told, bytes: told.bytes.slice() } : told;
		changes.push({ change, phase, time: camera.now, values: new Map(state.values.entries()) });
	};
	phase = "pre-record";
	camera.press("start");
	camera.advance(700);
	phase = "recording";
	camera.advance(2_500);
	phase = "pause";
	camera.press("pause");
	camera.advance(2_000);
	phase = "resumed";
	camera.press("resume");
	camera.advance(2_000);
	phase = "stop";
	camera.press("stop");
	camera.advance(3_000);
	const made = camera.recording(2);
	if (made.state !== "complete") throw new Error("the recording was not completed");
	const custody = camera.pullPart(2, "custody");
	camera.close();
	const drainedAt = made.trigger.monotonicMs + made.drainMs;
	return { initial, changes, drainedAt, custody, state, flash: state.flash.clone() };
}

/** A copy of a card. */
export function copyOf(card: MemoryBlockStore): MemoryBlockStore {
	const copy = new MemoryBlockStore(card.sectors);
	copy.write(0, card.image());
	return copy;
}

/** What a camera finds when it boots after a power cut. */
export function stateAfterCut(
	recorded: RecordedCard,
	card: BlockStore,
	values: ReadonlyMap<string, Uint8Array>,
): CameraState {
	const store = new ValueStore();
	for (const [key, value] of values) store.set(key, value);
	const { serialNumber, agency } = recorded.state;
	return {
		...memoryState(SECTOR_BYTES),
		card,
		values: store,
		flash: recorded.flash.clone(),
		serialNumber,
		agency,
		interrupted: true,
	};
}
