import type { SmpClient } from "../../client/smp-client.ts";
import { RefusedError } from "../../errors.ts";
import { type ActivateEvent, type ActivateOptions, activateImage, restart } from "./activate.ts";
import { identityOf, readDeviceFirmware } from "./device.ts";
import { demandIdle } from "./idle.ts";

/**
 * Goes back to the other image: one that runs for a test by a restart alone, one that is confirmed by having the other
 * one tested and confirmed.
 * @param client - is closed in the end
 * @throws {RefusedError} when there is no other image
 * @throws {RecordingError} while the camera records
 */
export async function* revertImage(
	client: SmpClient,
	options: ActivateOptions,
): AsyncGenerator<ActivateEvent, void, undefined> {
	const firmware = await readDeviceFirmware(client, options.signal);
	const { active, other } = firmware;
	if (other === undefined)
		throw new RefusedError("there is no other image to go back to", {
			hint: "`bodycam firmware flash` brings one onto the camera.",
		});
	await demandIdle(client, "Nothing was changed.", options.signal);
	if (active?.confirmed === true) {
		yield* activateImage(client, identityOf(other, firmware), options);
		return;
	}
	const restarted = yield* restart(client, identityOf(other, firmware), options);
	await restarted.close();
}
