import { type ArenaDemand, capacityMs } from "./arming.ts";
import type { EncoderControl } from "./encoder-control.ts";
import type { ArmOptions, PreRecordStatus } from "./recorder-interface.ts";
import type { PreRecordFacts } from "./recording-metadata.ts";
import type { Ring } from "./ring-interface.ts";

/** Tells what the ring holds and can hold. */
export interface PreRecordGauge {
	/** What the arena is to hold. */
	demand(settings: ArmOptions): ArenaDemand;
	/** What a trigger at `now`, µs, would deliver. */
	status(settings: ArmOptions, now: number): PreRecordStatus;
	/** What decides what a trigger delivers, and why. */
	facts(settings: ArmOptions, trigger: number, armedSince: number): PreRecordFacts;
}

/** Creates the gauge of a ring with an arena of so many bytes. */
export function createPreRecordGauge(
	ring: Ring,
	encoder: EncoderControl,
	arenaBytes: number,
): PreRecordGauge {
	const demand = ({ seconds, sound }: ArmOptions) => ({ arenaBytes, seconds, sound });
	const bitRate = () => encoder.format()?.bitRate ?? 0;
	return {
		demand,
		status(settings, now) {
			const held = (time: number) => (time === Infinity ? 0 : Math.max(0, Math.floor((now - time) / 1000)));
			return {
				configuredMs: settings.seconds * 1000,
				heldMs: held(ring.liveFrameTime()),
				soundMs: held(ring.livePacketTime()),
				capacityMs: capacityMs(demand(settings), bitRate()),
				bitRate: bitRate(),
				bitRateLowered: encoder.lowered(),
			};
		},
		facts: (settings, trigger, armedSince) => ({
			configured: settings.seconds * 1_000_000,
			trigger,
			firstFrame: ring.liveFrameTime(),
			firstPacket: ring.livePacketTime(),
			armedSince,
			roomTime: ring.roomTime(),
			groupTime: ring.groupTime(),
			capacityMs: capacityMs(demand(settings), bitRate()),
		}),
	};
}
