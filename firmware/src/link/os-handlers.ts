import { isWallTime, WALL_TIME_BOUNDS } from "@bodycam/protocol/camera/wall-time";
import { GroupError, SmpError } from "@bodycam/protocol/smp/errors";
import {
	DIRECT_XIP_WITH_REVERT,
	isForced,
	OsError,
	osBootloader,
	osDatetimeRead,
	osDatetimeWrite,
	osEcho,
	osInfo,
	osParameters,
	osReset,
} from "@bodycam/protocol/smp/os";
import { formatDatetime, formatInfo, parseDatetime, type SystemInfo } from "@bodycam/protocol/smp/os-answers";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";

/** What the handlers of the os group need. */
export interface OsServices {
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time" | "set">;
	/** What info answers. */
	readonly info: SystemInfo;
	/**
	 * Restarts the camera a little later, so that the response gets out.
	 * @returns false when a recording is under way and `force` is not set
	 */
	readonly restart: (force: boolean) => boolean;
}

/** Answers the os group. */
export function registerOsHandlers(server: SmpServer, services: OsServices): void {
	const { clock, info } = services;
	server.register(osEcho, ({ d }) => ({ r: d ?? "" }));
	server.register(osParameters, () => ({ buf_size: BUFFER_BYTES, buf_count: BUFFER_COUNT }));
	server.register(osInfo, ({ format }) => ({ output: formatInfo(format, info) }));
	server.register(osBootloader, ({ query }) => {
		if (query === undefined) return { bootloader: "MCUboot" };
		if (query !== "mode") throw new GroupError(OsError.noAnswer);
		return { mode: DIRECT_XIP_WITH_REVERT };
	});
	server.register(osDatetimeRead, () => {
		const { time } = clock;
		if (time === undefined) throw new GroupError(OsError.clockNotSet);
		return { datetime: formatDatetime(time) };
	});
	server.register(osDatetimeWrite, ({ datetime }) => {
		const time = parseDatetime(datetime);
		if (!isWallTime(time))
			throw new SmpError(ReturnCode.invalid, `the clock takes times ${WALL_TIME_BOUNDS}`);
		clock.set(time);
		return {};
	});
	server.register(osReset, (request) => {
		if (!services.restart(isForced(request))) throw new SmpError(ReturnCode.busy);
		return {};
	});
}
