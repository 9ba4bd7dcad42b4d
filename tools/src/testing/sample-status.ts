import type { Status } from "@bodycam/protocol/camera/status";

/** The state of a camera that is armed and has nothing on its card. */
export const SAMPLE_STATUS: Status = {
	device: {
		name: "cam1",
		serial: "0011",
		board: "simulated",
		build: "abcdef0123456789",
		engine: "XS 13.3.0",
		seeded: false,
	},
	uptimeMs: 61_000,
	boot: 7,
	bootReason: "power-on",
	capture: { state: "armed" },
	preRecord: { configuredMs: 30_000, capacityMs: 30_000, heldMs: 29_600, audioHeldMs: 30_000, limit: "none" },
	announcement: { state: "silent", languages: ["de", "en"] },
	reserve: { state: "enough" },
	recordings: { count: 0 },
	card: { state: "ready", bytes: 4e9, freeBytes: 3e9 },
	battery: { percent: 80, millivolt: 3900, charging: false },
	clock: { set: false },
	policy: {
		state: "in-force",
		installed: {
			name: "demo",
			version: 3,
			agency: "Ordnungsamt",
			notBefore: 0,
			expires: Date.UTC(2030, 0, 1),
			sha256: new Uint8Array(32),
			bytes: 900,
		},
	},
	provisioning: { provisioned: false, sessions: "none", grants: "administrator" },
	faults: [],
};
