import { eventLogInfo, eventLogRead } from "@bodycam/protocol/camera/event-log";
import { eventsRead } from "@bodycam/protocol/camera/events";
import { type CrashRecord, crashRead, logHistory, logRead } from "@bodycam/protocol/camera/log";
import {
	type RecordingMetadata,
	recordingsInfo,
	recordingsList,
	recordingsRead,
} from "@bodycam/protocol/camera/recordings";
import { type Status, statusRead } from "@bodycam/protocol/camera/status";
import type { RequestOf, ResponseOf } from "@bodycam/protocol/smp/command";
import { osDatetimeRead, osDatetimeWrite, osEcho, osReset } from "@bodycam/protocol/smp/os";
import { formatDatetime, parseDatetime } from "@bodycam/protocol/smp/os-answers";
import { ProtocolError } from "../errors.ts";
import type { RequestOptions, SmpClient } from "./smp-client.ts";

// One function a command; the errors are those of `SmpClient.request`.

/** Has the camera repeat a text. */
export async function echo(client: SmpClient, text: string, options?: RequestOptions): Promise<string> {
	return (await client.request(osEcho, { d: text }, options)).r;
}

/**
 * The wall clock, ms since 1970 UTC.
 * @throws {RefusedError} when it is not set
 * @throws {ProtocolError} when the answer is no date
 */
export async function readDatetime(client: SmpClient, options?: RequestOptions): Promise<number> {
	const { datetime } = await client.request(osDatetimeRead, {}, options);
	try {
		return parseDatetime(datetime);
	} catch (error) {
		throw new ProtocolError(`the camera's clock says ${JSON.stringify(datetime)}, which is no date`, {
			hint: "`bodycam clock set` sets it right.",
			cause: error,
		});
	}
}

/** Sets the wall clock to ms since 1970 UTC. Sent once only: a repetition would be late. */
export async function writeDatetime(
	client: SmpClient,
	wallMs: number,
	options?: RequestOptions,
): Promise<void> {
	await client.request(osDatetimeWrite, { datetime: formatDatetime(wallMs) }, { attempts: 1, ...options });
}

/** Restarts the camera, with `force` even in the middle of a recording. Sent once only. */
export async function reset(client: SmpClient, force: boolean, options?: RequestOptions): Promise<void> {
	await client.request(osReset, force ? { force: true } : {}, { attempts: 1, ...options });
}

/** The state of the camera. */
export async function readStatus(client: SmpClient, options?: RequestOptions): Promise<Status> {
	return (await client.request(statusRead, {}, options)).status;
}

/** A page of events. */
export function readEvents(
	client: SmpClient,
	request: RequestOf<typeof eventsRead>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof eventsRead>> {
	return client.request(eventsRead, request, options);
}

/** How much there is of the event log on the card. */
export function readEventLogInfo(
	client: SmpClient,
	options?: RequestOptions,
): Promise<ResponseOf<typeof eventLogInfo>> {
	return client.request(eventLogInfo, {}, options);
}

/** Bytes of the event log on the card; fewer than `len` may come. @throws {RefusedError} when there is no card */
export function readEventLogBytes(
	client: SmpClient,
	request: RequestOf<typeof eventLogRead>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof eventLogRead>> {
	return client.request(eventLogRead, request, options);
}

/** A page of log lines. */
export function readLogLines(
	client: SmpClient,
	request: RequestOf<typeof logRead>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof logRead>> {
	return client.request(logRead, request, options);
}

/** A page of log lines of this boot and those before. */
export function readLogHistory(
	client: SmpClient,
	request: RequestOf<typeof logHistory>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof logHistory>> {
	return client.request(logHistory, request, options);
}

/** What the firmware died of the last time it died; undefined when it has not. */
export async function readCrash(
	client: SmpClient,
	options?: RequestOptions,
): Promise<{ readonly crash: CrashRecord; readonly bootsSince: number | undefined } | undefined> {
	const { crash, bootsSince } = await client.request(crashRead, {}, options);
	return crash && { crash, bootsSince };
}

/** A page of the list of recordings. */
export function readRecordingsPage(
	client: SmpClient,
	request: RequestOf<typeof recordingsList>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof recordingsList>> {
	return client.request(recordingsList, request, options);
}

/** What is known about a recording. @throws {RefusedError} when there is none with that number */
export async function readRecordingInfo(
	client: SmpClient,
	number: number,
	options?: RequestOptions,
): Promise<RecordingMetadata> {
	return (await client.request(recordingsInfo, { number }, options)).recording;
}

/**
 * What is known about a recording, and the receipt it was erased on; undefined while it is there.
 * @throws {RefusedError} when there is none with that number
 */
export function readRecordingAndReceipt(
	client: SmpClient,
	number: number,
	options?: RequestOptions,
): Promise<ResponseOf<typeof recordingsInfo>> {
	return client.request(recordingsInfo, { number }, options);
}

/** Bytes of a recording; fewer than `len` may come. */
export function readRecordingBytes(
	client: SmpClient,
	request: RequestOf<typeof recordingsRead>,
	options?: RequestOptions,
): Promise<ResponseOf<typeof recordingsRead>> {
	return client.request(recordingsRead, request, options);
}
