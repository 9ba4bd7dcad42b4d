import type { RecordingMetadata } from "@bodycam/protocol/camera/recordings";
import type { AudioFormat } from "../hal/encoded-audio-in.ts";
import type { VideoFormat } from "../hal/encoded-video-in.ts";
import { type CardFault, StoreError } from "../storage/store-interface.ts";
import { createEncoderControl, KEYFRAME_AGE, sameFormat } from "./encoder-control.ts";
import { createInterruptions } from "./interruptions.ts";
import { createPreRecordGauge } from "./pre-record-gauge.ts";
import type {
	ArmOptions,
	BeginOptions,
	Recorder,
	RecorderOptions,
	RecorderState,
} from "./recorder-interface.ts";
import { createRecordingSession } from "./recording-session.ts";
import { createRing } from "./ring.ts";

/** How often time is looked at while recording, µs. */
const RECORDING_TICK = 100_000;

/** The same while armed, where frames that come make old ones go, unless they stop coming. */
const ARMED_TICK = 1_000_000;

const SECOND = 1_000_000;

/** Creates the recorder and opens camera and microphone; they do not run before `arm` or `begin`. */
export function createRecorder(options: RecorderOptions): Recorder {
	const { memory, timers, arena, store, onLevel } = options;
	const ring = createRing(memory, arena, options.index);
	let state: RecorderState = "off";
	let armed = false; // state is "armed"; every frame and packet asks
	let wanted: ArmOptions | undefined; // undefined: off after the recording
	let settings: ArmOptions = { seconds: 0, sound: true };
	let running = false;
	let listening = false;
	let nextSound = false; // sound captured now is for the recording after this one
	let armedSince = 0;
	let keyframeDue = -Infinity; // before it, no keyframe is asked for
	let audio: AudioFormat | undefined;
	let current: BeginOptions | undefined;
	let pending: BeginOptions | undefined;
	let lostTold = 0;
	let closed = false;

	const camera = options.openCamera({
		onFormat,
		onFrame,
		onOverrun: (lost) => ring.breakFrames(lost),
		onFault: (code) => options.onFault?.({ source: "camera", code }),
	});
	const encoder = createEncoderControl(() => camera);
	const gauge = createPreRecordGauge(ring, encoder, arena.bytes);
	const microphone = options.openMicrophone?.({
		onFormat(format) {
			audio = format;
		},
		onPacket,
		onOverrun: (lost) => ring.missPackets(lost),
	});
	const interruptions = createInterruptions(
		() => ring.breakFrames(0),
		(from, to) => later(() => options.onResumed?.(from, to)),
	);
	const session = createRecordingSession({
		memory,
		timers,
		ring,
		work: options.work,
		store,
		video: () => encoder.format(),
		audio: () => audio,
		sound: microphone !== undefined,
		file: options.file,
		sealing: (opening) => options.sealing(opening),
		encodeMetadata: (metadata, header) => options.encodeMetadata(metadata, header),
		preRecordFacts: (trigger) => gauge.facts(settings, trigger, armedSince),
		onDrained: (number, drainMs) => later(() => options.onDrained?.(number, drainMs)),
		onBehind: (number, untilMs) => later(() => options.onBehind?.(number, untilMs)),
		onCut,
		onFault: onCardFault,
		onClosed: onSessionClosed,
	});
	const tick = timers.create(onTick);

	/** Tells the owner something after what is going on: it may call any method then. */
	function later(tell: () => void): void {
		Promise.resolve().then(() => {
			if (!closed) tell();
		});
	}

	function enter(next: RecorderState): void {
		if (state === next) return;
		state = next;
		armed = next === "armed";
		later(() => options.onState?.(next));
	}

	const cutoff = (begin: BeginOptions) => begin.triggerTime - settings.seconds * SECOND;

	function onFormat(format: VideoFormat): void {
		const old = encoder.format();
		const settled = encoder.accept(format, gauge.demand(settings));
		if (running && ((old !== undefined && !sameFormat(old, format)) || session.blind())) onNewFormat();
		if (settled) options.onCapacity?.(gauge.status(settings, timers.now()));
	}

	/** What was captured in another format cannot stand in the same file: a recording goes on in a new one. */
	function onNewFormat(): void {
		const now = timers.now();
		if (state === "recording" && current !== undefined) {
			session.stop({ time: now, reason: "camera-fault" });
			session.cut();
			pending = { ...current, triggerTime: now };
			armedSince = now;
			enter("finishing");
			tick.start(0);
		}
		ring.hold(Infinity);
		if (pending !== undefined) ring.hold(cutoff(pending));
		else keepNext();
	}

	function onFrame(
		at: number,
		length: number,
		keyframe: boolean,
		presentation: number,
		decode: number,
	): void {
		if (running) {
			const now = timers.now();
			if (armed) ring.pushFrame(at, length, keyframe, presentation, decode, now);
			else {
				session.beforeFrame(presentation);
				if (interruptions.dropsFrame(keyframe, presentation)) memory.zero(at, length);
				else {
					ring.pushFrame(at, length, keyframe, presentation, decode, now);
					session.afterFrame(keyframe, decode, now);
				}
			}
			if (keyframe) keyframeDue = presentation + KEYFRAME_AGE;
			else if (now > keyframeDue && (!interruptions.paused() || interruptions.waits()))
				encoder.refresh(ring.keyframeTime(), now);
		}
		camera.release(at, length);
	}

	function onPacket(at: number, length: number, capture: number, level: number): void {
		if (listening) {
			if (armed) {
				if (nextSound) ring.pushPacket(at, length, capture, timers.now());
			} else {
				session.beforePacket(capture);
				if (interruptions.dropsPacket(capture, audio?.packetTime ?? 0)) memory.zero(at, length);
				else if (nextSound || session.wantsSound()) ring.pushPacket(at, length, capture, timers.now());
			}
			onLevel?.(level, capture);
		}
		microphone?.release(at, length);
	}

	function onTick(): void {
		const now = timers.now();
		ring.expire(now);
		session.tick(now);
		const lost = ring.lostFrames() + ring.lostPackets();
		if (lost > lostTold) options.onLost?.(ring.lostFrames(), ring.lostPackets());
		lostTold = lost;
		if (state !== "off") tick.start(state === "armed" ? ARMED_TICK : RECORDING_TICK);
	}

	function listen(on: boolean): void {
		if (on === listening) return;
		listening = on;
		if (on) microphone?.start();
		else microphone?.stop();
	}

	function startCapture(): void {
		if (running) return;
		running = true;
		armedSince = timers.now();
		ring.clear();
		keyframeDue = -Infinity;
		encoder.configure(settings.bitRate ?? 0);
		camera.start();
	}

	function stopCapture(): void {
		running = false;
		nextSound = false;
		listen(false);
		camera.stop();
		ring.clear();
		tick.stop();
		enter("off");
	}

	/** What is captured now is for the next trigger. */
	function keepNext(): void {
		const seconds = wanted?.seconds ?? 0;
		ring.keep(seconds * SECOND);
		nextSound = seconds > 0 && wanted?.sound === true;
	}

	function arm(): void {
		keepNext();
		listen(nextSound);
		enter("armed");
		tick.start(ARMED_TICK);
	}

	function startRecording(begin: BeginOptions): void {
		ring.expire(timers.now());
		const { number, opening, header } = session.open(begin);
		current = begin;
		nextSound = false;
		lostTold = 0;
		startCapture();
		ring.hold(cutoff(begin));
		ring.startDrain();
		listen(true);
		encoder.request(timers.now());
		enter("recording");
		tick.start(0);
		later(() => options.onRecording?.(number, opening, header));
	}

	function onCut(): void {
		if (pending !== undefined) return;
		const now = timers.now();
		armedSince = now;
		keepNext();
		if (wanted !== undefined) encoder.request(now);
	}

	function onCardFault(fault: CardFault): void {
		enter("finishing");
		later(() => options.onFault?.({ source: "card", fault }));
	}

	function onSessionClosed(number: number, metadata: RecordingMetadata | undefined): void {
		const next = pending;
		pending = undefined;
		current = undefined;
		if (metadata !== undefined) {
			options.onSealed?.(metadata);
			later(() => options.onClosed?.(number, metadata));
		}
		if (wanted !== undefined) settings = wanted;
		try {
			if (next !== undefined) {
				startRecording(next);
				return;
			}
		} catch (error) {
			if (!(error instanceof StoreError)) throw error;
			const fault = store.status().fault ?? "write-error";
			later(() => options.onFault?.({ source: "card", fault }));
		}
		if (wanted !== undefined) arm();
		else stopCapture();
	}

	return {
		status: () => ({
			state,
			recording: session.number() || undefined,
			preRecord: gauge.status(settings, timers.now()),
			video: encoder.format(),
			lost: { frames: ring.lostFrames(), packets: ring.lostPackets() },
		}),
		arm(asked) {
			wanted = asked;
			if (state === "recording" || state === "finishing") return;
			const before = settings;
			settings = asked;
			if (running) {
				if (asked.bitRate !== before.bitRate || asked.seconds !== before.seconds)
					encoder.configure(asked.bitRate ?? 0);
				if (asked.seconds > before.seconds) armedSince = timers.now();
				if (before.sound && !asked.sound) {
					ring.hold(Infinity);
					armedSince = timers.now();
				}
			}
			startCapture();
			arm();
		},
		disarm() {
			wanted = undefined;
			if (state === "armed") stopCapture();
		},
		begin(begin) {
			if (state === "recording" || pending !== undefined) return false;
			if (state !== "finishing") {
				startRecording(begin);
				return true;
			}
			session.cut();
			pending = begin;
			ring.hold(cutoff(begin));
			nextSound = true;
			listen(true);
			encoder.request(timers.now());
			return true;
		},
		stop(stop) {
			if (pending !== undefined) {
				pending = undefined;
				keepNext();
				return true;
			}
			if (state !== "recording") return false;
			session.stop(stop);
			interruptions.end(stop.time);
			enter("finishing");
			tick.start(0);
			return true;
		},
		pause(time) {
			if (state !== "recording") return false;
			interruptions.pause(time);
			return true;
		},
		resume(time) {
			if (state !== "recording" || !interruptions.paused()) return false;
			interruptions.resume(time);
			encoder.request(timers.now());
			return true;
		},
		mute(time, muted) {
			if (state !== "recording") return false;
			if (muted) interruptions.mute(time);
			else interruptions.unmute(time);
			return true;
		},
		annotate: (part) => session.annotate(part),
		close() {
			if (closed) return;
			closed = true;
			tick.close();
			if (running) camera.stop();
			listen(false);
			camera.close();
			microphone?.close();
			ring.clear();
		},
	};
}
