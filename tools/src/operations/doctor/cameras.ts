import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import type { Status } from "@bodycam/protocol/camera/status";
import { describeEngine, type EngineAbi } from "@bodycam/protocol/image/vendor";
import { BodycamError } from "../../errors.ts";
import type { Finding } from "./finding.ts";

/** What a camera told when it was asked. */
export interface CameraFacts {
	readonly status: Status;
	/** Undefined when its firmware is too old to tell. */
	readonly firmware: FirmwareStatus | undefined;
}

/**
 * Whether a camera and these tools fit each other: whether it answers, in messages that are understood, and whether
 * what is built here would run there.
 * @param ask - asks the camera
 * @param engine - what firmware is built for here
 */
export async function checkCamera(
	address: string,
	ask: () => Promise<CameraFacts>,
	engine: EngineAbi | undefined,
): Promise<Finding> {
	let facts: CameraFacts;
	try {
		facts = await ask();
	} catch (error) {
		if (!(error instanceof BodycamError)) throw error;
		const [text = "", ...more] = error.message.split("\n");
		const advice = [...more, ...(error.hint === undefined ? [] : [error.hint])].join("\n");
		return { subject: address, severity: "problem", text, ...(advice === "" ? {} : { advice }) };
	}
	const { status, firmware } = facts;
	const text = `firmware ${status.device.build.slice(0, 12)} on ${status.device.engine}`;
	if (firmware === undefined)
		return {
			subject: address,
			severity: "problem",
			text: `${text}, too old to be updated by these tools`,
			advice: "Use the tools of its release, or have the boot stage updated.",
		};
	if (engine === undefined || runsThere(engine, firmware))
		return { subject: address, severity: "ok", text: `${text}; fits these tools` };
	return {
		subject: address,
		severity: "problem",
		text: `${text}, ABI ${firmware.abi}; what is built here is for ${describeEngine(engine)} and does not run there`,
		advice: "Use the tools of the camera's release, or update its engine first.",
	};
}

function runsThere({ abi, engine }: EngineAbi, camera: FirmwareStatus): boolean {
	return abi === camera.abi && camera.engine.endsWith(` ${engine.join(".")}`);
}
