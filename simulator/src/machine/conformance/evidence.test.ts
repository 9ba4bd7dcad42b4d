import { fileURLToPath } from "node:url";
import { bundle } from "@bodycam/firmware/bundle";
import { compileArtefact } from "@bodycam/firmware/engine";
import { makeEvidenceSample } from "@bodycam/protocol/testing/evidence-sample";
import { nodeAgeCrypto } from "@bodycam/protocol/testing/node-age-crypto";
import { nodeTrustCrypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { expect, test } from "vitest";
import { testMachine } from "./run-script.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));

test("age header, keys and custody record are, byte for byte, those that node:crypto makes", async () => {
	const { source } = await bundle(root, "firmware/src/testing/evidence-on-engine.ts", { release: false });
	const machine = testMachine({
		artefact: compileArtefact(source, "firmware.js"),
		mediaBytes: 65_536,
	});
	machine.post(0, 0, 0);
	const samples: Uint8Array[] = [];
	const end = machine.run((_kind, _unit, _time, at, length) => {
		samples.push(machine.media.read(at, length).slice());
	});
	expect(end).toEqual({ state: "idle" });
	const expected = makeEvidenceSample(nodeAgeCrypto, nodeTrustCrypto, testSigner(8));
	expect(samples.map((sample) => Buffer.from(sample).toString("hex"))).toEqual([
		Buffer.from(expected).toString("hex"),
	]);
});
