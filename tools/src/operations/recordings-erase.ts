import { provisioningRead } from "@bodycam/protocol/camera/provisioning";
import { recordingsErase } from "@bodycam/protocol/camera/recordings";
import type { SmpClient } from "../client/smp-client.ts";
import { RefusedError } from "../errors.ts";
import type { ReceiptFile } from "../evidence/receipt-file.ts";

/** What became of a recording for which there is a receipt. */
export type ErasureEvent =
	| { readonly type: "erased"; readonly recording: number; readonly receipt: string }
	/** The receipt is for another camera. */
	| { readonly type: "other-camera"; readonly device: string; readonly receipt: string }
	| {
			readonly type: "refused";
			readonly recording: number;
			readonly receipt: string;
			readonly error: RefusedError;
	  };

/**
 * Gives a camera receipts, so that it erases what they are for. A refusal ends nothing: the others follow.
 * @throws {ConnectionError} when the camera does not answer
 */
export async function* eraseRecordings(
	client: SmpClient,
	receipts: readonly ReceiptFile[],
	options: { readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<ErasureEvent, void, undefined> {
	const { serial } = await client.request(provisioningRead, {}, options);
	for (const { path: receipt, signed, content } of receipts) {
		const { device, recording } = content;
		if (device !== serial) {
			yield { type: "other-camera", device, receipt };
			continue;
		}
		try {
			await client.request(recordingsErase, { receipt: signed }, options);
			yield { type: "erased", recording, receipt };
		} catch (error) {
			if (!(error instanceof RefusedError)) throw error;
			yield { type: "refused", recording, receipt, error };
		}
	}
}
