import type { SystemInfo } from "@bodycam/protocol/smp/os-answers";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { BoardDatagramLink } from "../board/datagram.ts";
import { BoardSerial } from "../board/serial.ts";
import type { Log } from "../hal/log.ts";
import { type CameraServices, registerCameraHandlers } from "../link/camera-handlers.ts";
import { type CaptureServices, registerCaptureHandlers } from "../link/capture-handlers.ts";
import { DatagramEndpoint } from "../link/datagram-endpoint.ts";
import { type EventLogServices, registerEventLogHandlers } from "../link/event-log-handlers.ts";
import { registerFirmwareHandlers } from "../link/firmware-handlers.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "../link/limits.ts";
import { type OsServices, registerOsHandlers } from "../link/os-handlers.ts";
import { type PolicyServices, registerPolicyHandlers } from "../link/policy-handlers.ts";
import { type ProvisioningServices, registerProvisioningHandlers } from "../link/provisioning-handlers.ts";
import { ReadBuffers } from "../link/read-buffers.ts";
import { registerRecordingsHandlers } from "../link/recordings-handlers.ts";
import { SerialEndpoint } from "../link/serial-endpoint.ts";
import { registerWearerHandlers, type WearerServices } from "../link/wearer-handlers.ts";
import type { ExtentStore } from "../storage/store-interface.ts";
import { registerImageHandlers } from "../update/image-handlers.ts";
import type { Hardware } from "./hardware.ts";
import type { Update } from "./update.ts";

/** What the link answers from. */
export interface LinkServices {
	/** Status, events, log. */
	readonly camera: CameraServices;
	/** Clock, restart. */
	readonly os: Omit<OsServices, "info">;
	/** Provisioning. */
	readonly provisioning: ProvisioningServices;
	/** The policy. */
	readonly policy: PolicyServices;
	/** Recording over the link, and what is owed afterwards. */
	readonly capture: CaptureServices;
	/** Who wears the camera. */
	readonly wearer: WearerServices;
	/** Updates of the firmware. */
	readonly update: Update;
	/** Recordings. */
	readonly store: ExtentStore;
	/** The events on the card. */
	readonly eventLog: EventLogServices["eventLog"];
	/** Where defects of handlers are told. */
	readonly log: Log;
}

/** Opens the serial port and the datagram link, each with an SMP server that answers all commands. */
export function openLink(hardware: Hardware, services: LinkServices): void {
	const { board, map } = hardware;
	const memory = board.native;
	const buffers = new ReadBuffers(map.linkRead, BUFFER_BYTES);
	// Until sessions exist a camera grants every peer every role, and its status says so.
	const session = () => {
		services.update.heard();
		return OPEN_SESSION;
	};
	const createServer = (): SmpServer => {
		const server = new SmpServer({
			bufferSize: BUFFER_BYTES,
			bufferCount: BUFFER_COUNT,
			onDefect: ({ name }, error) => services.log.write("error", `${name} failed: ${String(error)}`),
		});
		registerOsHandlers(server, { ...services.os, info: systemInfo(hardware) });
		registerCameraHandlers(server, services.camera);
		registerProvisioningHandlers(server, services.provisioning);
		const { boot } = services.camera;
		registerEventLogHandlers(server, { memory, boot, eventLog: services.eventLog, buffers });
		registerPolicyHandlers(server, services.policy);
		registerCaptureHandlers(server, services.capture);
		registerWearerHandlers(server, services.wearer);
		registerImageHandlers(server, services.update.images);
		registerFirmwareHandlers(server, services.update.firmware);
		registerRecordingsHandlers(server, { memory, store: services.store, buffers });
		return server;
	};
	new SerialEndpoint({
		memory,
		assembly: map.linkAssembly,
		send: map.serialSend,
		server: createServer(),
		now: () => board.now(),
		session,
		openSerial: (options) => new BoardSerial({ ...options, port: 0, board, buffer: map.serialReceive }),
	});
	new DatagramEndpoint({
		memory,
		send: map.datagramSend,
		server: createServer(),
		session,
		openLink: (options) => new BoardDatagramLink({ ...options, port: 0, board, buffer: map.datagramReceive }),
	});
}

function systemInfo({ identity }: Hardware): SystemInfo {
	return {
		s: "bodycam",
		n: identity.serial,
		r: identity.build,
		v: identity.engine,
		b: "unknown",
		m: identity.board,
		p: "unknown",
		i: identity.board,
		o: "bodycam",
	};
}
