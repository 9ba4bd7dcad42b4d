/**
 * Makes the spoken announcements: `node firmware/assets/make-prompts.mjs` (needs espeak-ng, Debian package
 * `espeak-ng`; the packets are made by opusscript, which the project installs).
 *
 * For each language (and the sound of a fault): espeak-ng speaks, the speech is resampled to 16 kHz mono, brought to
 * one loudness, and encoded as Opus packets of 20 ms. Written are `prompts/NAME.bin` (u16 little-endian length and
 * packet, repeated) and `../src/announce/prompt-data.ts` with the same bytes for the firmware.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import OpusScript from "opusscript";

const PROMPTS = [
	{ language: "de", voice: "de", text: "Achtung, Bild und Ton werden aufgezeichnet." },
	{ language: "en", voice: "en-gb", text: "Picture and sound are being recorded." },
];
const SPEED = "175";
const RATE = 16_000;
const PACKET_SAMPLES = RATE / 50;
const BIT_RATE = 20_000;
/** Largest sample, and the root mean square that every sound is brought to. */
const PEAK = 0.89 * 32_767;
const LOUDNESS = 7000;
/** Silence after each prompt, samples. */
const PAUSE = RATE / 8;

const folder = dirname(fileURLToPath(import.meta.url));

/** PCM samples and rate of a 16-bit mono WAV file. */
function readWav(wav) {
	const rate = wav.readUInt32LE(24);
	const data = wav.indexOf("data", 0, "latin1") + 8;
	const samples = new Float64Array(Math.floor((wav.length - data) / 2));
	for (let index = 0; index < samples.length; index++) samples[index] = wav.readInt16LE(data + index * 2);
	return { rate, samples };
}

/** Resamples with a windowed sinc (Hann, 32 zero crossings each side). */
function resample(samples, from, to) {
	const ratio = from / to;
	const cutoff = Math.min(1, to / from);
	const reach = Math.ceil(32 / cutoff);
	const result = new Float64Array(Math.floor(samples.length / ratio));
	for (let index = 0; index < result.length; index++) {
		const center = index * ratio;
		let sum = 0;
		for (let at = Math.ceil(center - reach); at <= center + reach; at++) {
			const distance = at - center;
			const x = Math.PI * distance * cutoff;
			const sinc = x === 0 ? 1 : Math.sin(x) / x;
			sum += (samples[at] ?? 0) * sinc * cutoff * (0.5 + 0.5 * Math.cos((Math.PI * distance) / reach));
		}
		result[index] = sum;
	}
	return result;
}

/** Cuts silence off both ends. */
function trim(samples) {
	const audible = (sample) => Math.abs(sample) > 200;
	const first = samples.findIndex(audible);
	const last = samples.findLastIndex(audible);
	return samples.subarray(first, last + 1);
}

/** Three short beeps of 880 Hz, faded at both ends: the sound of a fault. */
function faultCue() {
	const [beep, gap, fade] = [0.12, 0.08, 0.01];
	return Float64Array.from({ length: Math.round(RATE * (3 * beep + 2 * gap)) }, (_value, index) => {
		const within = (index / RATE) % (beep + gap);
		const envelope = Math.max(0, Math.min(1, within / fade, (beep - within) / fade));
		return 10_000 * envelope * Math.sin((2 * Math.PI * 880 * index) / RATE);
	});
}

/** Gives samples one loudness: a gain and a soft limit, so that speech carries over a street. */
function loud(samples) {
	const limited = (gain) => samples.map((sample) => PEAK * Math.tanh((gain * sample) / PEAK));
	const loudness = (values) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
	let [low, high] = [0.1, 100];
	for (let step = 0; step < 40; step++) {
		const middle = (low + high) / 2;
		if (loudness(limited(middle)) < LOUDNESS) low = middle;
		else high = middle;
	}
	return limited(low);
}

/** 16-bit PCM with the pause, in whole packets. */
function pcmOf(samples) {
	const packets = Math.ceil((samples.length + PAUSE) / PACKET_SAMPLES);
	const pcm = Buffer.alloc(packets * PACKET_SAMPLES * 2);
	samples.forEach((sample, index) => {
		pcm.writeInt16LE(Math.round(sample), index * 2);
	});
	return pcm;
}

/** Opus packets, each after its length. */
function encode(pcm) {
	const encoder = new OpusScript(RATE, 1, OpusScript.Application.VOIP);
	encoder.setBitrate(BIT_RATE);
	const parts = [];
	for (let at = 0; at < pcm.length; at += PACKET_SAMPLES * 2) {
		const packet = encoder.encode(pcm.subarray(at, at + PACKET_SAMPLES * 2), PACKET_SAMPLES);
		const length = Buffer.alloc(2);
		length.writeUInt16LE(packet.length);
		parts.push(length, packet);
	}
	encoder.delete();
	return Buffer.concat(parts);
}

/** Speech of a text. */
function speak({ voice, text }) {
	const wav = execFileSync("espeak-ng", ["-v", voice, "-s", SPEED, "--stdout", text], { maxBuffer: 1 << 24 });
	const { rate, samples } = readWav(wav);
	return trim(resample(samples, rate, RATE));
}

const sounds = [
	...PROMPTS.map((prompt) => ({ name: prompt.language, text: prompt.text, samples: speak(prompt) })),
	{ name: "fault", text: "", samples: faultCue() },
];
mkdirSync(join(folder, "prompts"), { recursive: true });
const entries = sounds.map(({ name, text, samples }) => {
	const pcm = pcmOf(loud(samples));
	const packets = encode(pcm);
	writeFileSync(join(folder, "prompts", `${name}.bin`), packets);
	const duration = (pcm.length / 2 / RATE) * 1_000_000;
	console.log(`${name}: ${duration / 1e6} s, ${packets.length} bytes`);
	return (
		`\t{\n\t\tname: "${name}",\n\t\ttext: ${JSON.stringify(text)},\n\t\tduration: ${duration},\n` +
		`\t\tbytes: ${packets.length},\n\t\tbase64:\n\t\t\t"${packets.toString("base64")}",\n\t},\n`
	);
});
writeFileSync(
	join(folder, "..", "src", "announce", "prompt-data.ts"),
	`// Made by firmware/assets/make-prompts.mjs; do not edit.
/** A prompt or sound as it is built into the firmware. */
export interface PromptData {
	/** Its language, or the name of a sound that says nothing. */
	readonly name: string;
	/** What is said. */
	readonly text: string;
	/** Time it takes, µs. */
	readonly duration: number;
	/** Bytes once decoded. */
	readonly bytes: number;
	/** Base64 of u16 little-endian length and Opus packet of 20 ms (16 kHz mono), repeated. */
	readonly base64: string;
}

/** The built-in prompts and sounds. */
export const PROMPT_DATA: readonly PromptData[] = [
${entries.join("")}];
`,
);
