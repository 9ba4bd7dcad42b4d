import type { Fault } from "@bodycam/protocol/camera/terms";
import { Announcer } from "../announce/announcer.ts";
import { FAULT_CUE, placePrompts } from "../announce/prompts.ts";
import { Voice } from "../announce/voice.ts";
import { BoardBattery } from "../board/battery.ts";
import type { Board } from "../board/board.ts";
import { BoardButton } from "../board/button.ts";
import { BoardClock } from "../board/clock.ts";
import { BoardSpeaker } from "../board/speaker.ts";
import type { Policy } from "../policy/policy.ts";
import { SETTINGS_KEY, type Settings, settingsWithin } from "../policy/settings.ts";
import { POLICY_KEY, StoredPolicy } from "../trust/first-policy.ts";
import { BatteryKeeper } from "./battery-keeper.ts";
import { ButtonGestures } from "./button-gestures.ts";
import { CameraWatch } from "./camera-watch.ts";
import { CaptureController } from "./capture-controller.ts";
import { CardKeeper, FAULT_OF_CARD } from "./card-keeper.ts";
import { ClockKeeper } from "./clock-keeper.ts";
import { Faults } from "./faults.ts";
import { type BootRecord, openHardware } from "./hardware.ts";
import { Heartbeat } from "./heartbeat.ts";
import { openJournal } from "./journal.ts";
import { openLink } from "./link.ts";
import { tellLogState } from "./log-faults.ts";
import { openRecording } from "./recording.ts";
import { Reminder } from "./reminder.ts";
import { Restarter } from "./restarter.ts";
import { loadSettings } from "./settings-loader.ts";
import { Signals } from "./signals.ts";
import { readStatus } from "./status.ts";
import { openTrust } from "./trust.ts";

const US_PER_MS = 1000;

/** Faults that are seen and logged, but are nothing to startle the wearer with at every boot. */
const QUIET: readonly Fault[] = ["clock-unset", "log-low"];

/**
 * Puts the camera together after the boot record: opens the hardware, connects the parts, and starts them. Data
 * flows one way: buttons → gestures → capture → recorder and announcement → events → log and link.
 */
export function startDevice(board: Board, boot: BootRecord, policy: Policy): void {
	const hardware = openHardware(board, boot);
	const { identity, map, timers, random, reset } = hardware;
	const memory = board.native;
	const now = () => board.now();
	const bootNumber = Math.floor(random.number() * 0x1_0000_0000);
	let settings: Settings = settingsWithin(policy, undefined, identity.serial);
	let configured = false;

	const clock = new BoardClock({ board, onTime: () => clockKeeper.told() });
	const { events, eventLog, log, emit } = openJournal(hardware, {
		boot: bootNumber,
		clock,
		signer: () => trust.keeper.identity?.signer,
		onLogState: (state, low) => tellLogState(faults, state, low),
	});
	emit({ type: "booted", reason: reset.reason, build: identity.build, crash: hardware.crash?.slice(0, 200) });

	const prompts = placePrompts(memory, map.prompts, map.staging);
	const voice = new Voice({
		timers,
		volume: policy.announcement.volume,
		openSpeaker: (options) => new BoardSpeaker({ ...options, board }),
	});
	const announcer = new Announcer({
		now,
		voice,
		prompts,
		rule: policy.announcement,
		onEnded: (announcement) => capture.announced(announcement),
	});
	const signals = new Signals({ rule: policy.announcement, ...hardware });
	const faults = new Faults({
		emit,
		onChange: (appeared) => {
			if (appeared !== undefined && !QUIET.includes(appeared)) tellWearer();
			show();
			settle();
		},
	});
	const clockKeeper = new ClockKeeper({ clock, now, faults, emit });
	const battery = new BoardBattery({ board, onReadable: () => batteryKeeper.read() });
	const { batteryMinutes, recordingMs } = policy.reminders;
	const batteryKeeper = new BatteryKeeper({ battery, warnAtMinutes: batteryMinutes, faults, emit });
	const cardKeeper = new CardKeeper({ faults, emit });
	const cameraWatch = new CameraWatch({ timers, faults });
	const reminder = new Reminder({ timers, intervalMs: recordingMs, remind: () => signals.feel("reminder") });

	const { store, recorder } = openRecording(hardware, {
		emit,
		onCapacity: () => capture.capacityKnown(),
		onClosed: (number, metadata) => capture.closed(number, metadata),
		onCard: settle,
		onLogArea: (area) => eventLog.use(area),
		onFault: (fault) => {
			if (fault.source === "camera") cameraWatch.failed(fault.code);
			else faults.set(FAULT_OF_CARD[fault.fault], true);
		},
	});
	const capture = new CaptureController({
		now,
		recorder,
		announcer,
		signals,
		emit,
		nextNumber: () => store.status().next,
		wantsArmed: () => policy.preRecording.mode === "always" && settings.preRecordMs > 0,
		preRecord: () => ({ seconds: settings.preRecordMs / 1000, sound: settings.preRecordSound }),
		describe: (triggerTime) => {
			const { time, uncertainty } = clock;
			const { serial: device, build, engine } = identity;
			const base = { device, build, engine, seeded: random.seeded };
			if (time === undefined) return base;
			const startedAt = Math.round(time - (now() - triggerTime) / US_PER_MS);
			return { ...base, startedAt, clockUncertaintyMs: uncertainty };
		},
		onState: (state) => {
			reminder.set(state === "recording");
			show();
			settle();
		},
	});

	function tellWearer(): void {
		signals.feel("fault");
		const cue = prompts.get(FAULT_CUE);
		if (cue !== undefined) voice.cue(cue);
	}
	function show(): void {
		signals.show(capture.state, faults.active);
	}
	/** Arms or disarms as faults, card and settings say; until card and settings are known, nothing. */
	function settle(): void {
		const status = store.status();
		if (!configured) return;
		cardKeeper.changed(status);
		if (status.state !== "mounting") capture.settle(faults.obstacle);
	}

	new ButtonGestures({
		timers,
		rule: policy.gestures,
		openButton: (options) => new BoardButton({ ...options, button: "event", board }),
		onGesture: (gesture, time) => {
			emit({ type: "button", button: "event", action: gesture });
			if (gesture === "double-press") capture.start("button", time);
			else capture.stop("button", time);
		},
	});

	const heartbeat = new Heartbeat({ timers, watchdog: hardware.watchdog, heap: () => memory.heap() });
	const restarter = new Restarter({
		timers,
		capture,
		restart: () => {
			emit({ type: "reset", reason: "requested" });
			eventLog.settle(() => reset.restart());
		},
	});
	const trust = openTrust(hardware, {
		clock,
		emit,
		log,
		policy: new StoredPolicy(hardware),
		entries: [POLICY_KEY, SETTINGS_KEY],
		recordings: () => store.status().recordings,
		recording: () => capture.recording !== undefined,
		restart: () => void restarter.request(true),
		onProvisioned: show,
	});
	const sources = {
		now,
		boot: bootNumber,
		bootReason: reset.reason,
		seeded: random.seeded,
		identity,
		policy,
		membership: () => trust.keeper.identity?.membership,
		settings: () => settings,
		capture,
		recorder,
		store,
		announcer,
		battery,
		clock,
		faults: () => faults.active,
		heap: () => heartbeat.sample(),
	};
	openLink(hardware, {
		camera: { boot: bootNumber, events, log, status: (session) => readStatus(sources, session) },
		os: { clock, restart: (force) => restarter.request(force) },
		provisioning: trust,
		store,
		eventLog,
		log,
	});

	show();
	const loading = trust.keeper
		.load()
		.then(() => loadSettings(hardware.keyValue, policy, identity.serial, log));
	loading.then((loaded) => {
		settings = loaded;
		configured = true;
		const { preRecordMs, preRecordSound: sound } = settings;
		emit({ type: "policy", name: policy.name, preRecordMs, sound });
		settle();
	});
}
