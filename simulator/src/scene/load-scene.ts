import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { Clip } from "../camera/clip.ts";
import { loadClip } from "../camera/load-clip.ts";
import { CameraFileError, MicrophoneFileError } from "../container/camera-file-error.ts";
import { readContainer } from "../container/container.ts";
import { readMicrophoneFile, readSceneFile } from "../container/read-file.ts";
import { SAMPLE_RATE, samplesIn } from "../sound/pcm.ts";
import { SoundLoop } from "../sound/sound-loop.ts";
import { SILENCE } from "../sound/sources.ts";
import { soundOfTrack } from "../sound/track-sound.ts";
import { readWav } from "../sound/wav.ts";

/** What camera and microphone are put in front of. */
export interface LoadedScene {
	/** The picture. */
	readonly video: Clip;
	/** The sound, in step with the picture where it is the file's own. */
	readonly sound: SoundLoop;
	/** Why the sound is not the file's own, when it is not. */
	readonly soundNote?: string;
}

/** Time a file may take to be read, ms. */
const TIME_LIMIT = 9_000;

/** The sound of a silent world repeats after this, µs; it makes no difference. */
const SILENT_PERIOD = 1_000_000;

const loaded = new Map<string, Promise<LoadedScene>>();

/**
 * Loads the scene from an H.264 MP4 or MOV file. A file is read once and shared by all cameras of the process,
 * as long as it has not changed.
 * @param microphone - a WAV file to be heard instead of the file's sound, or `none` for silence
 * @throws CameraFileError
 */
export function loadScene(path: string, microphone?: string): Promise<LoadedScene> {
	const key = `${identity(path)}|${microphone === undefined ? "" : identity(microphone)}`;
	const known = loaded.get(key);
	if (known) return known;
	const loading = withinTime(path, load(path, microphone));
	loaded.set(key, loading);
	loading.catch(() => loaded.delete(key));
	return loading;
}

async function load(path: string, microphone: string | undefined): Promise<LoadedScene> {
	const container = await readContainer(path, await readSceneFile(path));
	const video = loadClip(path, container.picture);
	if (microphone !== undefined) return { video, sound: await microphoneSound(microphone) };
	const origin = (container.picture?.packets ?? []).reduce(
		(least, p) => Math.min(least, p.timestamp),
		Infinity,
	);
	const { source, ready, note } = soundOfTrack(container.sound, origin, video.period);
	const sound = new SoundLoop(source, video.period, ready);
	return note === undefined ? { video, sound } : { video, sound, soundNote: note };
}

async function microphoneSound(path: string): Promise<SoundLoop> {
	if (path === "none") return new SoundLoop(SILENCE, SILENT_PERIOD);
	const source = readWav(path, await readMicrophoneFile(path));
	if (source.length < samplesIn(1000)) {
		throw new MicrophoneFileError("not-a-sound", path, "it is shorter than 1 ms", "Give a longer file.");
	}
	return new SoundLoop(source, Math.round((source.length * 1e6) / SAMPLE_RATE));
}

function identity(path: string): string {
	try {
		const { mtimeMs, size } = statSync(path);
		return `${resolve(path)}:${mtimeMs}:${size}`;
	} catch {
		return path;
	}
}

async function withinTime<T>(path: string, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const limit = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(() => {
			const advice = "It may be damaged or on a slow disk: copy it, or cut it shorter.";
			reject(new CameraFileError("timeout", path, "it could not be read within 9 s", advice));
		}, TIME_LIMIT);
	});
	try {
		return await Promise.race([work, limit]);
	} finally {
		clearTimeout(timer);
	}
}
