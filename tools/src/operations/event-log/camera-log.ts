import { READ_OVERHEAD } from "@bodycam/protocol/camera/recordings";
import type { LogSource } from "@bodycam/protocol/event-log/reader";
import { readEventLogBytes, readEventLogInfo } from "../../client/camera.ts";
import type { SmpClient } from "../../client/smp-client.ts";
import { ProtocolError, RefusedError } from "../../errors.ts";

/** The event log of a camera that is asked for it. */
export interface CameraLog extends LogSource {
	/** The camera's present boot. */
	readonly boot: number;
	/** Sequence of the last event of this boot that is in the log. */
	readonly stored: number;
}

/**
 * The event log on the card of a camera, as far as it was safe when this was called.
 * @throws {RefusedError} when the camera has no card it can read
 */
export async function openCameraLog(client: SmpClient, signal?: AbortSignal): Promise<CameraLog> {
	const { state, bytes, card: identity, boot, stored } = await readEventLogInfo(client, { signal });
	if (identity === undefined)
		throw new RefusedError(
			state === "error" ? "the card cannot be read" : "there is no memory card in the camera",
			{
				hint: "`bodycam events` without --past shows what the camera itself remembers.",
			},
		);
	const pieceBytes = Math.max(16, client.bufferSize - READ_OVERHEAD);

	async function piece(from: number, to: number, into: Uint8Array, start: number): Promise<void> {
		for (let off = from; off < to; ) {
			const answer = await readEventLogBytes(client, { off, len: to - off }, { signal });
			const { data } = answer;
			if (answer.off !== off || data.length === 0 || data.length > to - off)
				throw new ProtocolError(`the camera does not send its event log from byte ${off} on`, {
					hint: "Was its card taken out? Take it out and read it with `bodycam events verify -d CARD`.",
				});
			into.set(data, off - start);
			off += data.length;
		}
	}

	return {
		bytes,
		identity,
		boot,
		stored,
		async read(offset, length) {
			const result = new Uint8Array(length);
			const pieces: Promise<void>[] = [];
			for (let from = offset; from < offset + length; from += pieceBytes)
				pieces.push(piece(from, Math.min(from + pieceBytes, offset + length), result, offset));
			await Promise.all(pieces);
			return result;
		},
	};
}
