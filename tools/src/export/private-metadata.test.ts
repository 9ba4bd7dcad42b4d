import { PRIVATE_BOX_UUID } from "@bodycam/protocol/camera/private-metadata";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readPrivateMetadata } from "./private-metadata.ts";

const metadata = { device: "0badcafe", number: 3, authorisedBy: "PHK Weber" };

function box(type: string, ...content: readonly Uint8Array[]): Buffer {
	const bytes = Buffer.concat([Buffer.alloc(8), ...content]);
	bytes.writeUInt32BE(bytes.length);
	bytes.write(type, 4, "latin1");
	return bytes;
}

/** An index of so many bytes, as it ends a recording. */
function seekTable(bytes: number): Buffer {
	const end = Buffer.alloc(8);
	end.writeUInt32BE(8 + bytes + 16, 4);
	return box("mfra", Buffer.alloc(bytes), box("mfro", end));
}

const media = box("mdat", Buffer.alloc(70_000, 0x2b));
const own = box("uuid", Buffer.from(PRIVATE_BOX_UUID), encodeCbor(metadata));

function read(...parts: readonly Uint8Array[]) {
	const bytes = Buffer.concat(parts);
	return readPrivateMetadata({
		bytes: bytes.length,
		read: async (offset, length) => Uint8Array.from(bytes.subarray(offset, offset + length)),
	});
}

test.each([0, 28, 60_000])("is read from before a seek table of %d bytes", async (bytes) => {
	expect(await read(media, own, seekTable(bytes))).toEqual(metadata);
});

test.each([
	["there is none", [media, seekTable(28)]],
	["the recording was cut off", [media, own]],
	["it is not the last thing before the table", [media, own, box("free"), seekTable(28)]],
	["it is another one's box", [media, box("uuid", Buffer.alloc(16), encodeCbor(metadata)), seekTable(28)]],
	[
		"it holds something else",
		[media, box("uuid", Buffer.from(PRIVATE_BOX_UUID), encodeCbor([1])), seekTable(28)],
	],
	["it holds nothing", [media, box("uuid", Buffer.from(PRIVATE_BOX_UUID)), seekTable(28)]],
	[
		"the table tells a length that it cannot have",
		[own, seekTable(28).subarray(0, -4), Buffer.alloc(4, 0xff)],
	],
	["the recording is empty", []],
])("is missing where %s", async (_what, parts) => {
	expect(await read(...parts)).toBeUndefined();
});

test("no bytes make it fail", async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.nat(60), async (bytes, table) => {
			await read(bytes, seekTable(table));
			await read(own, bytes, seekTable(table));
			await read(bytes);
		}),
	);
});
