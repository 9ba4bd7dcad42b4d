/**
 * Makes the spoken announcements and the tones of the cues: `node firmware/assets/make-prompts.mjs` (needs espeak-ng,
 * Debian package `espeak-ng`; the packets are made by opusscript, which the project installs).
 *
 * The texts are in `prompt-texts.json`, the notes of the tones in `../src/signals/cues.ts`. espeak-ng speaks, the
 * speech is resampled to 16 kHz mono, brought to one loudness, and encoded as Opus packets of 20 ms. Written are
 * `prompts/NAME.bin` (u16 little-endian length and packet, repeated) and `../src/announce/prompt-data.ts` with the
 * same bytes for the firmware.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import OpusScript from "opusscript";

const SPEED = "175";
const RATE = 16_000;
const PACKET_SAMPLES = RATE / 50;
/** Bit rates: what is spoken when a recording begins, everything else, and drafts, which are there to be replaced. */
const BIT_RATE = 20_000;
const SMALL_BIT_RATE = 12_000;
const DRAFT_BIT_RATE = 8_000;
/** Largest sample, and the root mean square that every sound is brought to. */
const PEAK = 0.89 * 32_767;
const LOUDNESS = 7000;
/** Silence after each prompt, samples. */
const PAUSE = RATE / 8;

/** Loudness of the tones: they are heard above a street. */
const TONE_AMPLITUDE = 10_000;
/** Tones fade in and out for this long, s. */
const FADE = 0.01;

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

/** The notes of a tone as samples, each note faded at both ends. */
function toneSamples(tone) {
	return Float64Array.from(
		tone.flatMap(({ hz, ms }) =>
			Array.from({ length: Math.round((RATE * ms) / 1000) }, (_value, index) => {
				const time = index / RATE;
				const envelope = Math.max(0, Math.min(1, time / FADE, (ms / 1000 - time) / FADE));
				return TONE_AMPLITUDE * envelope * Math.sin(2 * Math.PI * hz * time);
			}),
		),
	);
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
function encode(pcm, bitRate) {
	const encoder = new OpusScript(RATE, 1, OpusScript.Application.VOIP);
	encoder.setBitrate(bitRate);
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
function speak(voice, text) {
	const wav = execFileSync("espeak-ng", ["-v", voice, "-s", SPEED, "--stdout", text], { maxBuffer: 1 << 24 });
	const { rate, samples } = readWav(wav);
	return trim(resample(samples, rate, RATE));
}

/** The cues, out of the firmware's sources. */
async function readCues() {
	const { outputFiles } = await build({
		entryPoints: [join(folder, "../src/signals/cues.ts")],
		bundle: true,
		format: "esm",
		write: false,
	});
	const module = Buffer.from(outputFiles[0].contents).toString("base64");
	return (await import(`data:text/javascript;base64,${module}`)).CUES;
}

/** CRC-32 (IEEE 802.3). */
function checksum(bytes) {
	let crc = 0xffff_ffff;
	for (const byte of bytes) {
		crc ^= byte;
		for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
	}
	return (crc ^ 0xffff_ffff) >>> 0;
}

const { languages } = JSON.parse(readFileSync(join(folder, "prompt-texts.json"), "utf8"));
const cues = await readCues();
const sounds = [
	...languages.flatMap(({ language, voice, reviewed, recording, warning }) => [
		{
			name: `${language}-recording`,
			text: recording,
			samples: speak(voice, recording),
			bitRate: reviewed ? BIT_RATE : DRAFT_BIT_RATE,
		},
		{
			name: `${language}-warning`,
			text: warning,
			samples: speak(voice, warning),
			bitRate: reviewed ? SMALL_BIT_RATE : DRAFT_BIT_RATE,
		},
	]),
	...Object.entries(cues).map(([name, { tone }]) => ({
		name: `tone-${name}`,
		text: "",
		samples: toneSamples(tone),
		bitRate: name === "fault" ? BIT_RATE : SMALL_BIT_RATE,
	})),
];
mkdirSync(join(folder, "prompts"), { recursive: true });
for (const old of readdirSync(join(folder, "prompts"))) rmSync(join(folder, "prompts", old));
let total = 0;
const entries = sounds.map(({ name, text, samples, bitRate }) => {
	const pcm = pcmOf(loud(samples));
	const packets = encode(pcm, bitRate);
	writeFileSync(join(folder, "prompts", `${name}.bin`), packets);
	const duration = (pcm.length / 2 / PACKET_SAMPLES) * 20_000;
	total += packets.length;
	console.log(`${name}: ${duration / 1e6} s, ${packets.length} bytes`);
	return (
		`\t\tcase "${name}":\n\t\t\treturn {\n` +
		(text === "" ? "" : `\t\t\t\t// ${text}\n`) +
		`\t\t\t\tduration: ${duration},\n\t\t\t\tbytes: ${packets.length},\n\t\t\t\tcrc: ${checksum(packets)},\n` +
		`\t\t\t\tbase64:\n\t\t\t\t\t"${packets.toString("base64")}",\n\t\t\t};\n`
	);
});
console.log(`${entries.length} prompts and tones, ${total} bytes`);
writeFileSync(
	join(folder, "..", "src", "announce", "prompt-data.ts"),
	`// Made by firmware/assets/make-prompts.mjs; do not edit.
/** A prompt or tone as it is built into the firmware. */
export interface PromptData {
	/** Time it takes, µs. */
	readonly duration: number;
	/** Bytes once decoded. */
	readonly bytes: number;
	/** CRC-32 (IEEE 802.3) of those bytes. */
	readonly crc: number;
	/** Base64 of u16 little-endian length and Opus packet of 20 ms (16 kHz mono), repeated. */
	readonly base64: string;
}

/** Names of the built-in prompts and tones. */
export const PROMPT_NAMES: readonly string[] = [
${sounds.map(({ name }) => `\t"${name}",\n`).join("")}];

/** A built-in prompt or tone by its name; a function, so that none takes room on the engine's heap. */
export function promptData(name: string): PromptData | undefined {
	switch (name) {
${entries.join("")}		default:
			return undefined;
	}
}
`,
);
