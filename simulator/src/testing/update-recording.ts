import { readFileSync } from "node:fs";
import { buildFirmware } from "@bodycam/firmware/build";
import { developmentImage } from "@bodycam/firmware/development-image";
import { compileArtefact } from "@bodycam/firmware/engine";
import { BUNDLE_NAME } from "@bodycam/firmware/stack";
import { FLASH_SECTOR_BYTES, FLASH_WRITE_BYTES, FlashUnit } from "@bodycam/protocol/board/flash-layout";
import { parseImageVersion } from "@bodycam/protocol/image/version";
import { imageStateWrite } from "@bodycam/protocol/smp/image";
import type { EngineName } from "../machine/engine-name.ts";
import type { Firmware, StagedImage } from "../simulator/firmware.ts";
import { memoryState } from "../state/camera-state.ts";
import type { FlashChange, FlashMemory } from "../storage/flash-memory.ts";
import { installImage } from "../storage/install-image.ts";
import { bootCamera } from "./boot-camera.ts";
import { markSpare, resetCamera, uploadImage, waitForApplication } from "./update-camera.ts";

/** The images of a recording: A is installed, B and C are updates. */
export type ImageName = "A" | "B" | "C";

/** A change of the flash in the course of updates. */
export interface RecordedChange {
	/** What was being done. */
	readonly phase: string;
	readonly change: FlashChange;
	/** What may run when the power goes before, in or after it. */
	readonly allowed: readonly ImageName[];
}

/** Updates as they went, change by change. */
export interface UpdateRecording {
	/** The flash before the first change. */
	readonly initial: FlashMemory;
	readonly changes: readonly RecordedChange[];
	/** The images. */
	readonly images: Readonly<Record<ImageName, Uint8Array>>;
	/** The bodies of the images. */
	readonly bodies: Readonly<Record<ImageName, Uint8Array>>;
	/** The firmware they are of, with A as its image. */
	readonly firmware: Firmware & { readonly staged: StagedImage };
}

/** Security counters: B raises that of A, C has that of B. */
const COUNTERS = { A: 1, B: 2, C: 2 } as const;

/** Fills the first sector of the counter, so that its next value goes into the other one. */
function wearCounter(flash: FlashMemory): void {
	const bytes = new Uint8Array(FLASH_WRITE_BYTES).fill(0xff);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, COUNTERS.A, true);
	view.setUint32(4, ~COUNTERS.A, true);
	for (let offset = 0; offset < FLASH_SECTOR_BYTES; offset += FLASH_WRITE_BYTES)
		flash.apply({ kind: "write", unit: FlashUnit.counter, offset, bytes });
}

/** The name of an image by its build id. */
export function nameOf(buildId: string | undefined): string {
	return buildId?.slice(0, 1).toUpperCase() ?? "?";
}

/** The project's firmware with a statement in front, so that no two images are alike anywhere in their bodies. */
function variant(bundle: string, name: ImageName): { readonly body: Uint8Array; readonly image: Uint8Array } {
	const index = "ABC".indexOf(name);
	const body = compileArtefact(
		`globalThis.variant = "${name.repeat(16 * index + 1)}";${bundle}`,
		BUNDLE_NAME,
	);
	const version = parseImageVersion(`0.${index + 1}.0`);
	const buildId = name.toLowerCase().repeat(16);
	return { body, image: developmentImage(body, buildId, { version, counter: COUNTERS[name] }) };
}

/**
 * Updates a camera in every way and notes each change of its flash: upload, test, the boot stage's decision, confirmation
 * with the counter, an update that is not confirmed, one that is marked for good, and the way back by command.
 * @param firmware - with its boot stage @param engine - on which it is done
 */
export async function recordUpdates(
	firmware: Firmware,
	engine: EngineName = "wasm",
): Promise<UpdateRecording> {
	const { staged } = firmware;
	if (staged === undefined) throw new Error("a firmware without a boot stage has no updates");
	const bundle = readFileSync((await buildFirmware()).bundleFile, "utf8");
	const variants = { A: variant(bundle, "A"), B: variant(bundle, "B"), C: variant(bundle, "C") };
	const images = { A: variants.A.image, B: variants.B.image, C: variants.C.image };
	const state = memoryState();
	installImage(state.flash, images.A);
	wearCounter(state.flash);
	const initial = state.flash.clone();
	const installed = { ...firmware, staged: { ...staged, image: images.A } };
	const camera = await bootCamera({
		firmware: installed,
		factory: true,
		onCrash: "reboot",
		arenaMib: 4,
		state,
		engine,
	});
	const changes: RecordedChange[] = [];
	const during = (phase: string, allowed: readonly ImageName[], action: () => void): void => {
		camera.board.peripherals.flash.onChange = (change) => changes.push({ phase, change, allowed });
		action();
		camera.board.peripherals.flash.onChange = undefined;
	};
	waitForApplication(camera);
	during("upload", ["A"], () => uploadImage(camera, images.B));
	during("test", ["A", "B"], () => markSpare(camera));
	during("decision", ["A", "B"], () => resetCamera(camera));
	during("confirm", ["A", "B"], () => camera.client.request(imageStateWrite, { confirm: true }));
	during("second upload", ["B"], () => uploadImage(camera, images.C));
	during("second test", ["B", "C"], () => markSpare(camera));
	during("second decision", ["B", "C"], () => resetCamera(camera));
	during("revert", ["B"], () => resetCamera(camera));
	during("mark for good", ["B", "C"], () => markSpare(camera, { confirm: true }));
	during("third decision", ["B", "C"], () => resetCamera(camera));
	during("revert by command", ["B", "C"], () => markSpare(camera, { confirm: true }));
	during("fourth decision", ["B", "C"], () => resetCamera(camera));
	camera.close();
	const bodies = { A: variants.A.body, B: variants.B.body, C: variants.C.body };
	return { initial, changes, images, bodies, firmware: installed };
}
