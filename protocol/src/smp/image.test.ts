import { expect, test } from "vitest";
import { decodeCbor } from "../cbor/codec.ts";
import { parse } from "../schema/validate.ts";
import { fromHex, toHex } from "../testing/hex.ts";
import { HEADER_BYTES } from "./header.ts";
import { imageSetState, imageState, imageUpload } from "./image.ts";
import { encodeRequest } from "./packet.ts";

test("requests of clients made for Zephyr fit the messages", () => {
	// As recorded with a Zephyr server: an upload from the middle, and a test of a hash.
	const upload = fromHex(
		"0a00003300015101a3636f666600646461746158207878787878787878787878787878787878787878787878787878787878787878636c656e1820",
	);
	expect(parse(imageUpload.request, decodeCbor(upload.subarray(HEADER_BYTES)))).toEqual({
		off: 0,
		len: 32,
		data: new Uint8Array(32).fill(0x78),
	});
	const short = fromHex("0a00001300015300a264686173684300000067636f6e6669726df4");
	expect(parse(imageSetState.request, decodeCbor(short.subarray(HEADER_BYTES)))).toEqual({
		hash: new Uint8Array(3),
		confirm: false,
	});
});

test("an upload is asked for as Zephyr's clients do", () => {
	const request = encodeRequest(imageUpload, { off: 0, data: new Uint8Array(32).fill(0x78), len: 32 }, 0x51);
	expect(toHex(request)).toBe(
		"0a00003300015101a3636f666600646461746158207878787878787878787878787878787878787878787878787878787878787878636c656e1820",
	);
});

test("a state may leave out the flags that are false", () => {
	const hash = new Uint8Array(32).fill(1);
	const images = [{ slot: 0, version: "1.2.3.4", hash, active: true, confirmed: true }];
	expect(parse(imageState.response, { images })).toEqual({ images });
});
