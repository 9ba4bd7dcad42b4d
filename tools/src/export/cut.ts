import { type EncodedPacket, EncodedPacketSink, type InputVideoTrack } from "mediabunny";

/** A part of a recording, seconds on its own timeline. */
export interface MediaRange {
	/** Where it begins. */
	readonly from: number;
	/** Where it ends. */
	readonly to: number;
}

/**
 * Where a part can begin, seconds: pictures can be decoded from a keyframe on only, so it is the keyframe at or before
 * the begin; before the first keyframe there is only sound, and it begins where it was asked to.
 */
export async function clipStart(picture: InputVideoTrack | null, { from }: MediaRange): Promise<number> {
	const key = picture === null ? null : await new EncodedPacketSink(picture).getKeyPacket(from);
	return key?.timestamp ?? from;
}

/**
 * Packets in decode order up to the last one that is shown before `end`, seconds. Those shown later but decoded before
 * it stay: others may be made from them.
 */
export async function* withoutBehind(
	packets: AsyncIterable<EncodedPacket>,
	end: number,
): AsyncGenerator<EncodedPacket, void, undefined> {
	let waiting: EncodedPacket[] = [];
	for await (const packet of packets) {
		waiting.push(packet);
		if (packet.timestamp < end) {
			yield* waiting;
			waiting = [];
		}
		// A keyframe behind the end: nothing after it is shown before it.
		else if (packet.type === "key") return;
	}
}
