import type { Fault } from "@bodycam/protocol/camera/terms";
import type { LocalSettings } from "@bodycam/protocol/policy/tighten";
import { Announcer } from "../announce/announcer.ts";
import { FAULT_CUE, placePrompts } from "../announce/prompts.ts";
import { Voice } from "../announce/voice.ts";
import { BoardBattery } from "../board/battery.ts";
import type { Board } from "../board/board.ts";
import { BoardButton } from "../board/button.ts";
import { BoardClock } from "../board/clock.ts";
import { BoardSpeaker } from "../board/speaker.ts";
import { POLICY_ENTRIES } from "../policy/policy-store.ts";
import { WEARER_KEY } from "../wearer/stored-wearer.ts";
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
import { openPolicy, policyFacts } from "./policy.ts";
import { openRecording } from "./recording.ts";
import { Reminder } from "./reminder.ts";
import { Restarter } from "./restarter.ts";
import { loadSettings, SETTINGS_KEY } from "./settings-loader.ts";
import { Signals } from "./signals.ts";
import { readStatus } from "./status.ts";
import { openTrust } from "./trust.ts";
import { openWearer } from "./wearer.ts";

const US_PER_MS = 1000;

/** Faults that are seen and logged, but are nothing to startle the wearer with at every boot. */
const QUIET: readonly Fault[] = ["clock-unset", "log-low"];

/**
 * Puts the camera together after the boot record: opens the hardware, connects the parts, and starts them. Data
 * flows one way: buttons → gestures → capture → recorder and announcement → events → log and link.
 */
export function startDevice(board: Board, boot: BootRecord): void {
	const hardware = openHardware(board, boot);
	const { identity, map, timers, random, reset } = hardware;
	const memory = board.native;
	const now = () => board.now();
	const bootNumber = Math.floor(random.number() * 0x1_0000_0000);
	let settings: LocalSettings = {};

	const clock = new BoardClock({
		board,
		onTime: () => {
			clockKeeper.told();
			policy.settle();
			wearer.reconsider();
		},
	});
	const { events, eventLog, log, emit } = openJournal(hardware, {
		boot: bootNumber,
		clock,
		identity: () => trust.keeper.identity,
		onLogState: (state, low) => tellLogState(faults, state, low),
	});
	emit({ type: "booted", reason: reset.reason, build: identity.build, crash: hardware.crash?.slice(0, 200) });

	const prompts = placePrompts(memory, map.prompts, map.staging);
	const {
		keeper: policy,
		receiver,
		first,
	} = openPolicy(hardware, {
		emit,
		clock,
		trust: () => trust.keeper.identity?.trust,
		prompts: new Set(prompts.keys()),
		recording: () => capture.recording !== undefined,
		onChange: () => {
			gestures.follow(policy.effective.gestures);
			show();
			settle();
		},
	});
	const announcement = () => policy.effective.announcement;
	const wearer = openWearer(hardware, {
		emit,
		log,
		clock,
		trust: () => trust.keeper.identity?.trust,
		rule: () => policy.effective,
		recording: () => capture.recording !== undefined,
		onChange: (withdrawn) => {
			if (withdrawn) capture.stop("wearer-withdrawn", now());
			show();
			settle();
		},
	});
	const forbidden = () => (policy.state === "in-force" ? wearer.obstacle : "no-policy");
	const voice = new Voice({
		timers,
		volume: () => announcement().volume,
		openSpeaker: (options) => new BoardSpeaker({ ...options, board }),
	});
	const announcer = new Announcer({
		now,
		voice,
		prompts,
		rule: announcement,
		onEnded: (spoken) => capture.announced(spoken),
	});
	const signals = new Signals({ rule: announcement, ...hardware });
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
	const batteryKeeper = new BatteryKeeper({
		battery,
		warnAtMinutes: () => policy.effective.reserve.lowBatteryMinutes,
		faults,
		emit,
	});
	const cardKeeper = new CardKeeper({ faults, emit });
	const cameraWatch = new CameraWatch({ timers, faults });
	const reminder = new Reminder({
		timers,
		intervalMs: () => policy.effective.stop.reminderMs,
		remind: () => signals.feel("reminder"),
	});

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
		forbidden,
		wantsArmed: () => policy.effective.preRecording.mode === "always",
		preRecord: () => {
			const { mode, lengthMs, sound } = policy.effective.preRecording;
			return { seconds: mode === "always" ? lengthMs / 1000 : 0, sound };
		},
		describe: (triggerTime) => {
			const { time, uncertainty } = clock;
			const { serial: device, build, engine } = identity;
			const base = {
				device,
				build,
				engine,
				seeded: random.seeded,
				...policyFacts(policy),
				wearer: wearer.assignment?.wearer,
			};
			if (time === undefined) return base;
			const startedAt = Math.round(time - (now() - triggerTime) / US_PER_MS);
			return { ...base, startedAt, clockUncertaintyMs: uncertainty };
		},
		onState: (state) => {
			reminder.set(state === "recording");
			show();
			policy.settle();
			settle();
		},
	});

	function tellWearer(): void {
		signals.feel("fault");
		const cue = prompts.get(FAULT_CUE);
		if (cue !== undefined) voice.cue(cue);
	}
	function show(): void {
		signals.show(capture.state, faults.active, policy.state === "loading" ? undefined : forbidden());
	}
	/** Arms or disarms as faults, card and policy say; until card and policy are known, nothing. */
	function settle(): void {
		const status = store.status();
		if (policy.state === "loading") return;
		cardKeeper.changed(status);
		if (status.state !== "mounting") capture.settle(faults.obstacle);
	}

	const gestures = new ButtonGestures({
		timers,
		rule: policy.effective.gestures,
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
		policy: first,
		entries: [...POLICY_ENTRIES, WEARER_KEY, SETTINGS_KEY],
		recordings: () => store.status().recordings,
		recording: () => capture.recording !== undefined,
		restart: () => void restarter.request(true),
		onProvisioned: () => void policy.load(settings),
	});
	const sources = {
		now,
		boot: bootNumber,
		bootReason: reset.reason,
		seeded: random.seeded,
		identity,
		policy,
		wearer,
		membership: () => trust.keeper.identity?.membership,
		name: () => settings.name || `camera-${identity.serial}`,
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
		policy: { keeper: policy, receiver },
		wearer,
		store,
		eventLog,
		log,
	});

	show();
	trust.keeper
		.load()
		.then(() => wearer.load())
		.then(() => loadSettings(hardware.keyValue, log))
		.then((loaded) => {
			settings = loaded;
			return policy.load(loaded);
		});
}
