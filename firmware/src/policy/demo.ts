import type { Policy } from "./policy.ts";

/**
 * The built-in policy for demonstrations and tests. It follows no state's law: pre-recording with sound runs
 * whenever the camera is ready.
 */
export const demoPolicy: Policy = {
	name: "demo",
	preRecording: { mode: "always", defaultMs: 30_000, maximumMs: 120_000, sound: true },
	announcement: {
		when: "trigger",
		spoken: true,
		languages: ["de", "en"],
		volume: 100,
		light: true,
		display: true,
		haptic: true,
	},
	gestures: { doublePressMs: 500, holdMs: 3000, debounceMs: 15 },
	reminders: { recordingMs: 120_000, batteryMinutes: 15 },
};
