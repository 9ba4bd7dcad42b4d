import { expect, test } from "vitest";
import { SchemaError } from "../schema/validate.ts";
import {
	buildRecord,
	TEST_DEVICE,
	testHeader,
	testKeys,
	wholeRecording,
} from "../testing/custody-builder.ts";
import { toHex } from "../testing/hex.ts";
import { nodeTrustCrypto as crypto } from "../testing/node-crypto.ts";
import { custodyGenesis } from "./chain.ts";
import { CUSTODY_ITEM_BYTES_MAX } from "./terms.ts";
import { CustodyWriter } from "./writer.ts";

const start = () =>
	new CustodyWriter({ item: 0, before: custodyGenesis(TEST_DEVICE, crypto) }, testKeys.camera, crypto);

test("a record goes on where another writer left it", () => {
	const bodies = wholeRecording();
	const first = start();
	const items = bodies.slice(0, 3).map((body) => first.append(body));
	const second = new CustodyWriter(first.place, testKeys.camera, crypto);
	items.push(...bodies.slice(3).map((body) => second.append(body)));
	expect(items).toEqual(buildRecord(bodies).items);
});

test("what does not fit the schema is refused and takes no place", () => {
	const writer = start();
	expect(() => writer.append({ ...testHeader(), image: new Uint8Array(3) } as never)).toThrow(SchemaError);
	expect(writer.place.item).toBe(0);
});

test("the largest header fits the bound of an item", () => {
	const full = testHeader({
		device: "x".repeat(64),
		certificates: { deviceSigning: new Uint8Array(512), device: new Uint8Array(512) },
		recipients: Array.from({ length: 8 }, (_, index) => new Uint8Array(32).fill(index)),
		retention: { class: "c".repeat(32), days: Number.MAX_SAFE_INTEGER },
		wearer: "w".repeat(32),
		resumes: 0xffff_ffff,
		recording: 0xffff_ffff,
	});
	expect(start().append(full).length).toBeLessThan(CUSTODY_ITEM_BYTES_MAX);
});

test("a second of recording costs less than 400 bytes of record", () => {
	expect(
		Math.max(
			...buildRecord(wholeRecording())
				.items.slice(1)
				.map((item) => item.length),
		),
	).toBeLessThan(400);
});

test("an item begins with the bytes that docs/evidence-format.md shows", () => {
	for (const item of buildRecord(wholeRecording()).items) {
		expect(toHex(item.subarray(0, 4))).toBe("d2845830");
		expect(item[4 + 0x30]).toBe(0xa0);
		expect(toHex(item.subarray(-66, -64))).toBe("5840");
	}
});
