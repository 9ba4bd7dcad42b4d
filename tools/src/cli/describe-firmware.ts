import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import type { ImageState } from "../client/firmware.ts";
import type { DeviceFirmware } from "../operations/firmware/device.ts";
import { describeRejection } from "../operations/firmware/watch-reboot.ts";
import { formatCount } from "./format.ts";
import { formatFacts } from "./table.ts";

const SWAPS: Readonly<Record<NonNullable<FirmwareStatus["boot"]>["swap"], string | undefined>> = {
	none: undefined,
	test: "runs for the first time, for a test",
	permanent: "runs for the first time",
	revert: "went back: the other one did not confirm itself, or died again and again",
};

/** The firmware of a camera for people, one fact a line. */
export function describeFirmware({ images, status }: DeviceFirmware): string {
	const { boot } = status ?? {};
	return formatFacts([
		...images.map((image) => [`slot ${image.slot}`, describeImage(image)] as const),
		...(images.length === 0 ? [["slots", "no image"] as const] : []),
		["recovery", status?.recovery === true ? "no image is valid, the boot stage answers" : undefined],
		["build", boot?.buildId],
		["boot", boot && SWAPS[boot.swap]],
		...(boot?.rejected ?? status?.rejected ?? []).map(
			(rejection) => ["rejected", describeRejection(rejection)] as const,
		),
		// The boot stage tests nothing.
		["self-test", status && status.recovery !== true ? describeSelfTest(status) : undefined],
		["counter", boot && `${boot.counter}; the camera takes none below ${boot.storedCounter}`],
		[
			"takes",
			status &&
				`images for ${status.board}, ABI ${status.abi}, ${status.engine}, up to ${formatCount(status.roomBytes)} bytes`,
		],
		["signed by", status?.trustedKeys.map((key) => hex(key).slice(0, 16)).join(", ")],
	]);
}

function describeImage(image: ImageState): string {
	const words = (["active", "confirmed", "pending", "permanent"] as const).filter(
		(word) => image[word] === true,
	);
	const bootable = image.bootable === false ? ["not bootable"] : [];
	const hash = image.hash === undefined ? "" : `  ${hex(image.hash).slice(0, 16)}`;
	return `${image.version}${hash}  ${[...words, ...bootable].join(", ")}`.trimEnd();
}

function describeSelfTest({ selfTest }: FirmwareStatus): string {
	return selfTest.open.length === 0
		? selfTest.state
		: `${selfTest.state}; not seen to work: ${selfTest.open.join(", ")}`;
}

function hex(bytes: Uint8Array): string {
	return Buffer.from(bytes).toString("hex");
}
