import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { type RecordingMetadata, recordingMetadata } from "@bodycam/protocol/camera/recordings";
import { decodeCbor } from "@bodycam/protocol/cbor/codec";
import { parse } from "@bodycam/protocol/schema/validate";
import type { ExtentStore, StoreStatus } from "../storage/store-interface.ts";
import type { Evidence } from "./evidence.ts";

/**
 * Tells the event stream that an interrupted recording was closed.
 * @param onTold - gets its metadata, and how long it is, ms
 */
export function tellRecovered(
	store: Pick<ExtentStore, "metadata">,
	recording: number,
	emit: (event: CameraEventBody) => void,
	onTold: (metadata: RecordingMetadata, durationMs: number) => void,
): void {
	store.metadata(recording).then(
		(bytes) => {
			const metadata = parse(recordingMetadata, decodeCbor(bytes));
			const durationMs = Math.max(0, metadata.video.lastMs - metadata.video.firstMs);
			emit({ type: "interrupted-recovered", recording, bytes: metadata.bytes, durationMs });
			onTold(metadata, durationMs);
		},
		// The store reports a failing card itself.
		() => undefined,
	);
}

/**
 * Reads the final hash of the newest recording on a card, unless it is known: power was cut before it could be kept, or
 * the recording was closed on this card while it was in another place.
 */
export function readClosed(
	store: Pick<ExtentStore, "metadata" | "list">,
	{ next }: Pick<StoreStatus, "next">,
	evidence: Pick<Evidence, "chain" | "closed">,
): void {
	const { chain } = evidence;
	chain
		.load()
		.then(() => {
			const [newest] = chain.number < next - 1 || !chain.closed ? store.list(next - 1, 1) : [];
			return newest && store.metadata(newest.number);
		})
		.then(
			(bytes) => bytes && evidence.closed(parse(recordingMetadata, decodeCbor(bytes))),
			// The store reports a failing card itself.
			() => undefined,
		);
}
