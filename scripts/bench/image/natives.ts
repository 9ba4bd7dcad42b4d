import { compileArtefact } from "@bodycam/firmware/engine";
import { machineFactory } from "@bodycam/simulator/machine/create-machine";
import type { Machine } from "@bodycam/simulator/machine/machine";
import type { Count } from "./count.ts";
import { countingRecords, RecordCosts } from "./record-costs.ts";

/** Bytes of a frame: 30 KiB. */
export const FRAME_BYTES = 30 * 1024;

const SEALED = 64 * 1024;
const MEDIA_BYTES = 1024 * 1024;

/** Where things are in media memory. Keys, nonces and the like lie before A. */
const A = 65_536;
const B = 262_144;

/** What a record of each kind does; kind 1 does nothing, and what it costs is taken off the others. */
const CALLS = {
	nothing: "",
	copyNone: `native.copy(${B}, ${A}, 0)`,
	copy: `native.copy(${B}, ${A}, ${FRAME_BYTES})`,
	zeroNone: `native.zero(${B}, 0)`,
	zero: `native.zero(${B}, ${FRAME_BYTES})`,
	crc32: `native.crc32(${A}, ${SEALED})`,
	sha256: `native.sha256Begin(0); native.sha256Update(0, ${A}, ${SEALED}); native.sha256End(0, 256)`,
	seal: `native.chacha20Poly1305Seal(0, 32, 64, 0, ${A}, ${SEALED}, ${B}, 128)`,
	open: `if (!native.chacha20Poly1305Open(0, 32, 64, 0, ${B}, ${SEALED}, ${A}, 128)) throw new Error("not opened")`,
	sign: `native.ed25519Public(0, 512); native.ed25519Sign(0, ${A}, 256, 1024)`,
	publicKey: "native.ed25519Public(0, 512)",
	verify: `if (!native.ed25519Verify(512, ${A}, 256, 1024)) throw new Error("not verified")`,
	agree: `native.x25519Public(0, 2048); native.x25519Shared(32, 2048, 2100)`,
	agreePublic: "native.x25519Public(0, 2048)",
} as const;

type Call = keyof typeof CALLS;

/** What natives cost, with their call from JavaScript. */
export interface NativeCosts {
	/** Instructions to copy a frame's bytes, besides the call. */
	readonly copyFrame: number;
	/** Instructions to overwrite them with zeros, besides the call. */
	readonly zeroFrame: number;
	/** Instructions to digest 64 KiB. */
	readonly sha256: number;
	/** Instructions to encrypt 64 KiB. */
	readonly seal: number;
	/** Instructions to sign. */
	readonly sign: number;
	/** The rows of the table. */
	readonly counts: readonly Count[];
}

/** Calls natives on the image, one in a record. */
export function measureNatives(): NativeCosts {
	const costs = new RecordCosts();
	const names = Object.keys(CALLS) as Call[];
	const cases = names.map((name, index) => `case ${index}: ${CALLS[name]}; break;`).join("\n");
	const artefact = compileArtefact(
		`native.listen((kind) => { switch (kind) {\n${cases}\n} });`,
		"natives.js",
	);
	const machine = countingRecords(machineFactory("mps3-an547")({ artefact, mediaBytes: MEDIA_BYTES }), costs);
	try {
		fill(machine);
		const cost = (name: Call): number => {
			costs.clear();
			const kind = names.indexOf(name);
			machine.post(kind, 0, 0);
			const end = machine.run(() => undefined);
			if (end.state !== "idle") throw new Error(`${CALLS[name]}: ${end.message}`);
			return costs.mean(kind);
		};
		const nothing = cost("nothing");
		const row = (name: Call, what: string, before = nothing): Count => ({
			name: `native.${name}`,
			what,
			value: cost(name) - before,
			unit: "instructions",
		});
		const copy = row("copy", "copy of 30 KiB, besides the call", cost("copyNone"));
		const zero = row("zero", "zeroing of 30 KiB, besides the call", cost("zeroNone"));
		const sha256 = row("sha256", "SHA-256 of 64 KiB");
		const seal = row("seal", "ChaCha20-Poly1305, 64 KiB sealed");
		const sign = row("sign", "Ed25519 signature of 256 bytes", cost("publicKey"));
		const counts = [
			copy,
			zero,
			row("crc32", "CRC-32 of 64 KiB"),
			sha256,
			seal,
			row("open", "ChaCha20-Poly1305, 64 KiB opened"),
			row("publicKey", "Ed25519 public key"),
			sign,
			row("verify", "Ed25519 signature of 256 bytes verified"),
			row("agreePublic", "X25519 public key"),
			row("agree", "X25519 shared secret", cost("agreePublic")),
		];
		return {
			copyFrame: copy.value,
			zeroFrame: zero.value,
			sha256: sha256.value,
			seal: seal.value,
			sign: sign.value,
			counts,
		};
	} finally {
		machine.close();
	}
}

/** Bytes that are not all the same, so that nothing has it easy. */
function fill(machine: Machine): void {
	machine.media.write(
		0,
		Uint8Array.from({ length: B }, (_, index) => (index * 2_654_435_761) >>> 24),
	);
}
