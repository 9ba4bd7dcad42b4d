import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { archiveKeys } from "@bodycam/protocol/policy/evidence-rule";
import { ANNOUNCEMENT_LANGUAGES } from "@bodycam/protocol/policy/languages";
import type { LocalSettings } from "@bodycam/protocol/policy/tighten";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { placePrompts } from "../announce/prompts.ts";
import { Behaviour } from "../behaviour/behaviour.ts";
import { DEMANDS_KEY } from "../behaviour/demands.ts";
import { BoardBattery } from "../board/battery.ts";
import type { Board } from "../board/board.ts";
import { BoardButton } from "../board/button.ts";
import { BoardClock } from "../board/clock.ts";
import { BoardSpeaker } from "../board/speaker.ts";
import { RecordingEraser } from "../evidence/eraser.ts";
import { GattCounters } from "../link/gatt-counters.ts";
import { POLICY_ENTRIES } from "../policy/policy-store.ts";
import { LocalSettingsEditor, SETTINGS_KEY } from "../settings/local-settings.ts";
import { watchedLight } from "../signals/public-light.ts";
import { WEARER_KEY } from "../wearer/stored-wearer.ts";
import { Beacon } from "./beacon.ts";
import { ButtonGestures } from "./button-gestures.ts";
import { CameraWatch } from "./camera-watch.ts";
import { CardKeeper, FAULT_OF_CARD } from "./card-keeper.ts";
import { ClockKeeper } from "./clock-keeper.ts";
import { textOfCrash } from "./crash-keeper.ts";
import type { OpenDevelopment } from "./development.ts";
import { openEvidence } from "./evidence.ts";
import { Faults } from "./faults.ts";
import { type BootRecord, openHardware } from "./hardware.ts";
import { Heartbeat } from "./heartbeat.ts";
import { openJournal } from "./journal.ts";
import { keptRecordings } from "./kept-recordings.ts";
import { openLink } from "./link.ts";
import { tellLogState } from "./log-faults.ts";
import { openPolicy, policyFacts } from "./policy.ts";
import { openRecording } from "./recording.ts";
import { Restarter } from "./restarter.ts";
import { loadSettings } from "./settings-loader.ts";
import { statisticsOf } from "./statistics.ts";
import { nameOf, readStatus } from "./status.ts";
import { openTrust } from "./trust.ts";
import { openUpdate } from "./update.ts";
import { openWearer } from "./wearer.ts";

const US_PER_MS = 1000;

/** Reasons of a restart that nobody asked for. */
const DEFECTS: readonly string[] = ["watchdog", "exception", "out-of-memory", "stack-overflow"];

/** A recording that a defect cut off earlier than this, ms, is not gone on with: it may be what the defect is about. */
const RESUMED_MIN_MS = 3000;

/** Room at the end of the prompts for the text of one that is being put in place, bytes. */
const PROMPT_SCRATCH = 12 * 1024;

/**
 * Puts the camera together after the boot record: opens the hardware, connects the parts, and starts them. Data
 * flows one way: buttons → gestures → behaviour → recorder and speaker → events → log and link.
 * @param develop - opens what only builds for development have
 */
export function startDevice(board: Board, boot: BootRecord, develop?: OpenDevelopment): void {
	const hardware = openHardware(board, boot);
	const { identity, map, timers, random, reset } = hardware;
	const memory = board.native;
	const now = () => board.now();
	const bootNumber = Math.floor(random.number() * 0x1_0000_0000);
	let settings: LocalSettings = {};
	let clockTold = false;
	const beacon = new Beacon();
	const gattCounters = new GattCounters();

	const clock = new BoardClock({
		board,
		onTime: () => {
			clockTold = true;
			clockKeeper.told();
			policy.settle();
			wearer.reconsider();
		},
	});
	const { events, eventLog, log, logStore, crashes, ...journal } = openJournal(hardware, {
		boot: bootNumber,
		clock,
		identity: () => trust.keeper.identity,
		onLogState: (state, low) => tellLogState(faults, state, low),
	});
	const evidence = openEvidence(hardware, {
		clock,
		log,
		identity: () => trust.keeper,
		rule: () => policy.effective.evidence,
	});
	const emit = (event: CameraEventBody) => {
		journal.emit(event);
		evidence.happened(event);
	};
	emit({
		type: "booted",
		reason: reset.reason,
		build: identity.build,
		crash: hardware.crash && textOfCrash(hardware.crash),
	});

	const {
		keeper: policy,
		receiver,
		first,
	} = openPolicy(hardware, {
		emit,
		clock,
		trust: () => trust.keeper.identity?.trust,
		prompts: new Set(ANNOUNCEMENT_LANGUAGES),
		recording: () => behaviour.capture.recording !== undefined,
		onChange: () => {
			gestures.follow(policy.effective.gestures);
			behaviour.rulesChanged();
			settle();
		},
	});
	const wearer = openWearer(hardware, {
		emit,
		log,
		clock,
		trust: () => trust.keeper.identity?.trust,
		rule: () => policy.effective,
		recording: () => behaviour.capture.recording !== undefined,
		onChange: () => settle(),
	});
	const inForce = () => (policy.state === "in-force" ? policy.effective : undefined);
	const faults = new Faults({
		emit,
		onChange: (appeared) => {
			behaviour.faultsChanged(appeared);
			beacon.changed();
		},
	});
	const clockKeeper = new ClockKeeper({ clock, now, faults, emit });
	const battery = new BoardBattery({
		board,
		onReadable: () => {
			behaviour.reserve.batteryRead();
			beacon.changed();
		},
	});
	const cardKeeper = new CardKeeper({ faults, emit });
	const cameraWatch = new CameraWatch({ timers, faults });

	const { store, recorder } = openRecording(hardware, {
		emit,
		evidence,
		onCapacity: () => behaviour.capture.capacityKnown(),
		onClosed: (number, metadata) => behaviour.capture.closed(number, metadata),
		onResumed: (from, to) => behaviour.resumed(from, to),
		onLevel: (level, capture) => behaviour.level(level, capture),
		onInterrupted: (number, durationMs) => {
			if (DEFECTS.includes(reset.reason) && durationMs >= RESUMED_MIN_MS) behaviour.goOn(number);
		},
		onCard: settle,
		onDamaged: (number) => cardKeeper.damaged(number),
		onLogArea: (area) => eventLog.use(area),
		onFault: (fault) => {
			if (fault.source === "camera") cameraWatch.failed(fault.code);
			else faults.set(FAULT_OF_CARD[fault.fault], true);
		},
	});
	const behaviour: Behaviour = new Behaviour({
		...hardware,
		publicLight: watchedLight(hardware.publicLight, (light) => beacon.lightShown(light)),
		policy: inForce,
		wearer: () => wearer.obstacle,
		clockSet: () => clock.time !== undefined,
		recorder,
		nextNumber: () => store.status().next,
		card: () => {
			const { state, fault, freeBytes } = store.status();
			const usable = state !== "absent" && state !== "mounting" && fault === undefined;
			return { usable, freeBytes, bitRate: recorder.status().preRecord.bitRate };
		},
		battery,
		faults,
		settled: () => policy.state !== "loading" && store.status().state !== "mounting",
		placePrompts: (names) => {
			const { at, bytes } = map.prompts;
			const room = bytes - PROMPT_SCRATCH;
			return placePrompts(memory, { at, bytes: room }, { at: at + room, bytes: PROMPT_SCRATCH }, names);
		},
		openSpeaker: (options) => new BoardSpeaker({ ...options, board }),
		log,
		emit,
		describe: (triggerTime, resumes) => {
			const { time, uncertainty } = clock;
			const { serial: device, build, engine } = identity;
			const base = {
				device,
				build,
				engine,
				seeded: random.seeded,
				...policyFacts(policy),
				wearer: wearer.assignment?.wearer,
				...(resumes === undefined ? {} : { resumes }),
			};
			if (time === undefined) return base;
			const startedAt = Math.round(time - (now() - triggerTime) / US_PER_MS);
			return { ...base, startedAt, clockUncertaintyMs: uncertainty };
		},
		withdraw: () => {
			if (wearer.assignment === undefined) return false;
			void wearer.withdraw("button");
			return true;
		},
		onState: () => policy.settle(),
	});
	const { capture } = behaviour;

	/** Arms or disarms as faults, card and policy say; until card and policy are known, nothing. */
	function settle(): void {
		if (policy.state === "loading") return;
		cardKeeper.changed(store.status());
		behaviour.settle();
	}

	const gestures = new ButtonGestures({
		timers,
		rule: policy.effective.gestures,
		openButton: (options) => new BoardButton({ ...options, board }),
		onGesture: (button, kind, time) => behaviour.commands.gesture(button, kind, time),
	});

	const heartbeat = new Heartbeat({ timers, watchdog: hardware.watchdog, heap: () => memory.heap() });
	const restarter = new Restarter({
		timers,
		capture,
		restart: () => {
			emit({ type: "reset", reason: "requested" });
			eventLog.settle(() => logStore.settle(() => reset.restart()));
		},
	});
	const restartOnRequest = (force: boolean) => {
		reset.forgive();
		return restarter.request(force);
	};
	const trust = openTrust(hardware, {
		clock,
		emit,
		log,
		policy: first,
		entries: [...POLICY_ENTRIES, WEARER_KEY, SETTINGS_KEY, DEMANDS_KEY],
		recordings: () => keptRecordings(store),
		recording: () => capture.recording !== undefined,
		restart: () => void restartOnRequest(true),
		onProvisioned: () => {
			beacon.changed();
			void policy.load(settings);
		},
	});
	const update = openUpdate(hardware, {
		log,
		works: {
			camera: () => cameraWatch.works(recorder.status()),
			card: () => store.status().state === "ready",
			clock: () => clockTold,
		},
		restart: () => void restarter.request(true),
	});
	const editor = new LocalSettingsEditor({
		keyValue: hardware.keyValue,
		stored: () => loadSettings(hardware.keyValue, log),
		recording: () => capture.recording !== undefined,
		apply: (chosen) => {
			settings = chosen;
			beacon.changed();
			return policy.load(chosen);
		},
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
		behaviour,
		recorder,
		store,
		battery,
		clock,
		faults: () => faults.active,
		heap: () => heartbeat.sample(),
	};
	const development = develop?.(hardware, {
		hardware,
		status: () => readStatus(sources, OPEN_SESSION),
		events,
		log,
		behaviour,
		policy,
		wearer,
		recorder,
		store,
		clock,
		battery,
		faults,
		trust,
		update,
	});
	openLink(hardware, {
		development,
		camera: {
			boot: bootNumber,
			events,
			log,
			logStore,
			crashes,
			status: (session) => readStatus(sources, session),
		},
		os: { clock, restart: restartOnRequest },
		provisioning: trust,
		policy: { keeper: policy, receiver },
		wearer,
		update,
		capture: {
			commands: behaviour.commands,
			capture,
			now,
			remote: () => inForce()?.activation.remoteStart === true,
		},
		store,
		eraser: new RecordingEraser({
			store,
			serial: identity.serial,
			crypto: hardware.signature,
			archives: () => archiveKeys(policy.effective.evidence),
			emit,
			log,
		}),
		eventLog,
		statistics: statisticsOf({ ...sources, eventLog, events, gatt: gattCounters }),
		settings: editor,
		log,
		beacon,
		advertised: { name: () => nameOf(sources), battery, faults: sources.faults },
		gattCounters,
	});

	behaviour.rulesChanged();
	trust.keeper
		.load()
		.then(() => evidence.chain.load())
		.then(() => wearer.load())
		.then(() => loadSettings(hardware.keyValue, log))
		.then((loaded) => {
			settings = loaded;
			beacon.changed();
			editor.begin(loaded);
			return Promise.all([policy.load(loaded), behaviour.demands.load()]);
		});
}
