import { CameraGroup } from "@bodycam/protocol/camera/groups";
import type { SystemInfo } from "@bodycam/protocol/smp/os-answers";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { BoardDatagramLink } from "../board/datagram.ts";
import { BoardGattServer } from "../board/gatt-server.ts";
import { BoardSerial } from "../board/serial.ts";
import type { RecordingEraser } from "../evidence/eraser.ts";
import { EventLogFolder, MetadataFolder } from "../files/card-folders.ts";
import { FileTree, type Folder } from "../files/file-tree.ts";
import { LogFolder } from "../files/log-folder.ts";
import { ScratchFolder } from "../files/scratch-folder.ts";
import type { Log } from "../hal/log.ts";
import { type CameraServices, registerCameraHandlers } from "../link/camera-handlers.ts";
import { type CaptureServices, registerCaptureHandlers } from "../link/capture-handlers.ts";
import { DatagramEndpoint } from "../link/datagram-endpoint.ts";
import { registerEnumerationHandlers } from "../link/enumeration-handlers.ts";
import { type EventLogServices, registerEventLogHandlers } from "../link/event-log-handlers.ts";
import { registerFilesystemHandlers } from "../link/filesystem-handlers.ts";
import { registerFirmwareHandlers } from "../link/firmware-handlers.ts";
import type { GattCounters } from "../link/gatt-counters.ts";
import { GATT_CLIENTS, GattEndpoint } from "../link/gatt-endpoint.ts";
import { BUFFER_BYTES, BUFFER_COUNT } from "../link/limits.ts";
import { type OsServices, registerOsHandlers } from "../link/os-handlers.ts";
import { type PolicyServices, registerPolicyHandlers } from "../link/policy-handlers.ts";
import { type ProvisioningServices, registerProvisioningHandlers } from "../link/provisioning-handlers.ts";
import { ReadBuffers } from "../link/read-buffers.ts";
import { registerRecordingsHandlers } from "../link/recordings-handlers.ts";
import { SerialEndpoint } from "../link/serial-endpoint.ts";
import { registerSettingsHandlers, type SettingsServices } from "../link/settings-handlers.ts";
import { registerShellHandlers } from "../link/shell-handlers.ts";
import { registerStatisticsHandlers, type StatisticsServices } from "../link/statistics-handlers.ts";
import { registerWearerHandlers, type WearerServices } from "../link/wearer-handlers.ts";
import type { ExtentStore } from "../storage/store-interface.ts";
import { registerImageHandlers } from "../update/image-handlers.ts";
import type { Beacon, BeaconSources } from "./beacon.ts";
import type { RegisterDevelopment } from "./development.ts";
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
	/** What only builds for development answer. */
	readonly development: RegisterDevelopment | undefined;
	/** Recordings. */
	readonly store: ExtentStore;
	/** Erases them on receipts. */
	readonly eraser: Pick<RecordingEraser, "erase">;
	/** The events on the card. */
	readonly eventLog: EventLogServices["eventLog"];
	/** Counters. */
	readonly statistics: StatisticsServices;
	/** Local settings. */
	readonly settings: SettingsServices;
	/** Where defects of handlers are told. */
	readonly log: Log;
	/** Advertises, where there is a radio. */
	readonly beacon: Beacon;
	/** What it advertises. */
	readonly advertised: Omit<BeaconSources, "full">;
	/** Counts what happens on Bluetooth. */
	readonly gattCounters: GattCounters;
}

/** Opens the serial port, the datagram link and Bluetooth, each with an SMP server that answers all commands. */
export function openLink(hardware: Hardware, services: LinkServices): void {
	const { board, map } = hardware;
	const memory = board.native;
	const buffers = new ReadBuffers(map.linkRead, BUFFER_BYTES);
	// Until sessions exist a camera grants every peer every role, and its status says so.
	const session = () => {
		services.update.heard();
		return OPEN_SESSION;
	};
	const info = systemInfo(hardware);
	const { eraser, eventLog, store } = services;
	// What is named here can be read by whoever may read files; keys and recordings are in none of these folders.
	const files = new FileTree(
		new Map<string, Folder>([
			["log", new LogFolder({ log: services.camera.log, memory, buffers })],
			["events", new EventLogFolder({ eventLog, memory, buffers })],
			["recordings", new MetadataFolder(store)],
			["scratch", new ScratchFolder()],
		]),
	);
	const createServer = (): SmpServer => {
		const server = new SmpServer({
			bufferSize: BUFFER_BYTES,
			bufferCount: BUFFER_COUNT,
			onDefect: ({ name }, error) => services.log.write("error", `${name} failed: ${String(error)}`),
		});
		registerOsHandlers(server, { ...services.os, info });
		registerCameraHandlers(server, services.camera);
		registerProvisioningHandlers(server, services.provisioning);
		const { boot } = services.camera;
		registerEventLogHandlers(server, { memory, boot, eventLog: services.eventLog, buffers });
		registerPolicyHandlers(server, services.policy);
		registerCaptureHandlers(server, services.capture);
		registerWearerHandlers(server, services.wearer);
		registerImageHandlers(server, services.update.images);
		registerFirmwareHandlers(server, services.update.firmware);
		services.development?.(server);
		registerStatisticsHandlers(server, services.statistics);
		registerSettingsHandlers(server, services.settings);
		registerFilesystemHandlers(server, { files, memory, buffers });
		registerShellHandlers(server, {
			version: `${info.s} ${info.r} on ${info.v}`,
			uptime: () => board.now() / 1000,
			list: (folder) => files.list(folder),
		});
		registerEnumerationHandlers(server, GROUP_NAMES);
		registerRecordingsHandlers(server, { memory, store, buffers, eraser });
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
	const ble = new GattEndpoint({
		memory,
		assembly: map.gattAssembly,
		send: map.gattSend,
		server: createServer(),
		timers: hardware.timers,
		counters: services.gattCounters,
		session,
		onReady: () => {
			const full = () => ble.connections >= GATT_CLIENTS;
			services.beacon.begin(ble.gatt, { ...services.advertised, full });
		},
		onClients: () => services.beacon.changed(),
		openServer: (options) =>
			new BoardGattServer({ ...options, board, work: map.gattWork, buffer: map.gattReceive }),
	});
	new DatagramEndpoint({
		memory,
		send: map.datagramSend,
		server: createServer(),
		session,
		openLink: (options) => new BoardDatagramLink({ ...options, port: 0, board, buffer: map.datagramReceive }),
	});
}

/** Names of the camera's own groups, for enumeration. */
const GROUP_NAMES: Readonly<Record<number, string>> = Object.fromEntries(
	Object.entries(CameraGroup).map(([name, group]) => [group, `bodycam ${name}`]),
);

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
