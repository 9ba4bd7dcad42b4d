import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { goldenSigner, readGolden } from "@bodycam/protocol/testing/golden-image";
import { toHex } from "@bodycam/protocol/testing/hex";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildFirmware } from "./build.ts";
import { engineFile, instantiateEngine, placeBytes, textAt } from "./engine.ts";

const ROOT = join(dirname(engineFile()), "..", "..", "..");
const MEDIA_BYTES = 65_536;

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "image-on-engine-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** What the verifier on the engine says of an image, with the engine's own digest and signature. */
async function verdict(image: Uint8Array, key: Uint8Array): Promise<string> {
	const from = (path: string) => JSON.stringify(join(ROOT, path));
	const list = (bytes: Uint8Array) => `fromHex("${toHex(bytes)}")`;
	writeFileSync(
		join(folder, "main.ts"),
		`import { verifyImage } from ${from("protocol/src/image/verify.ts")};
import { fromHex } from ${from("protocol/src/testing/hex.ts")};
import { NativeSignature } from ${from("firmware/src/board/signature.ts")};
const crypto = new NativeSignature({ native, region: { at: 0, bytes: ${MEDIA_BYTES} } });
let said;
try {
	const image = verifyImage(${list(image)}, { keys: [${list(key)}], counter: 8, whole: true }, crypto);
	said = "taken: " + image.facts.board + " " + image.facts.counter + " " + image.body.length;
} catch (error) {
	said = error.name + " " + error.fault + ": " + error.message;
}
throw new Error(said);
`,
	);
	const { artefactFile } = await buildFirmware({ entry: join(folder, "main.ts"), outDir: folder });
	const artefact = readFileSync(artefactFile);
	const engine = instantiateEngine(4 * 1024 * 1024);
	engine.exports.bc_open(3 * 1024 * 1024, MEDIA_BYTES, 4096, 16_384, 50_000_000, 1, 2);
	engine.exports.bc_load(placeBytes(engine, artefact), artefact.length);
	return textAt(engine, engine.exports.bc_fault_message());
}

test("an image that imgtool made is verified on the engine", async () => {
	expect(await verdict(readGolden("vendor-tlvs.img"), goldenSigner.publicKey)).toContain(
		"taken: bodycam 8 5000",
	);
});

test("a changed image and one of another key are refused on the engine by name", async () => {
	const changed = readGolden("vendor-tlvs.img");
	changed[100] = (changed[100] ?? 0) ^ 1;
	expect(await verdict(changed, goldenSigner.publicKey)).toContain("ImageError bad-hash: the SHA-256");
	expect(await verdict(readGolden("other-key.img"), goldenSigner.publicKey)).toContain(
		"ImageError wrong-key",
	);
	expect(await verdict(readGolden("counter7.img"), goldenSigner.publicKey)).toContain(
		"ImageError older-counter",
	);
});
