import { type FirmwareStatus, firmwareRead } from "@bodycam/protocol/camera/firmware";
import type { SmpServer } from "@bodycam/protocol/smp/server";

/** What the handlers of the firmware group need. */
export interface FirmwareServices {
	/** The running firmware and how it came to run. */
	readonly status: () => Promise<FirmwareStatus>;
}

/** Answers the firmware group. */
export function registerFirmwareHandlers(server: SmpServer, { status }: FirmwareServices): void {
	server.register(firmwareRead, async () => ({ firmware: await status() }));
}
