import {
	type WearerStatus,
	wearerAssign,
	wearerCheckIn,
	wearerCheckOut,
	wearerRead,
	wearerWithdraw,
} from "@bodycam/protocol/camera/wearer";
import type { RequestOptions, SmpClient } from "./smp-client.ts";

// One function a command; the errors are those of `SmpClient.request`. Each may be repeated: asking twice changes
// nothing more than asking once.

/** Who wears the camera. */
export async function readWearer(client: SmpClient, options?: RequestOptions): Promise<WearerStatus> {
	return (await client.request(wearerRead, {}, options)).status;
}

/** Hands over a signed assignment. @throws {RefusedError} saying why the camera does not take it */
export async function sendAssignment(
	client: SmpClient,
	document: Uint8Array,
	options?: RequestOptions,
): Promise<WearerStatus> {
	return (await client.request(wearerAssign, { document }, options)).status;
}

/** Withdraws the wearer's consent, at once. */
export async function withdrawConsent(client: SmpClient, options?: RequestOptions): Promise<WearerStatus> {
	return (await client.request(wearerWithdraw, {}, options)).status;
}

/** Begins a shift. @param wearer - who is to be assigned; undefined: whoever is @throws {RefusedError} saying why not */
export async function checkOut(
	client: SmpClient,
	wearer: string | undefined,
	options?: RequestOptions,
): Promise<WearerStatus> {
	return (await client.request(wearerCheckOut, { wearer }, options)).status;
}

/** Ends a shift. @throws {RefusedError} in the middle of a recording */
export async function checkIn(client: SmpClient, options?: RequestOptions): Promise<WearerStatus> {
	return (await client.request(wearerCheckIn, {}, options)).status;
}
