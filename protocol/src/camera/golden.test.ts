import { expect, test } from "vitest";
import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { parse } from "../schema/validate.ts";
import { encodeRequest } from "../smp/packet.ts";
import { fromHex, toHex } from "../testing/hex.ts";
import { type CameraEvent, cameraEvent, eventsRead } from "./events.ts";
import { type RecordingMetadata, recordingMetadata, recordingsRead } from "./recordings.ts";

/** Bytes that are on cards and on the wire: a change here breaks cameras and tools of different ages. */
const EVENTS: readonly (readonly [CameraEvent, string])[] = [
	[
		{ sequence: 1, monotonicMs: 12, type: "booted", reason: "power-on", build: "ab12" },
		"a56873657175656e6365016b6d6f6e6f746f6e69634d730c647479706566626f6f74656466726561736f6e68706f7765722d6f6e656275696c646461623132",
	],
	[
		{
			sequence: 300,
			monotonicMs: 70_000,
			wallMs: 1_790_000_000_000,
			type: "trigger",
			recording: 3,
			source: "button",
		},
		"a66873657175656e636519012c6b6d6f6e6f746f6e69634d731a000111706677616c6c4d731b000001a0c4506c0064747970656774726967676572697265636f7264696e670366736f7572636566627574746f6e",
	],
	[
		{ sequence: 24, monotonicMs: 5_000_000_000, type: "fault", fault: "card-full", active: true },
		"a56873657175656e636518186b6d6f6e6f746f6e69634d731b000000012a05f2006474797065656661756c74656661756c7469636172642d66756c6c66616374697665f5",
	],
];

test.each(EVENTS)("event %j has its bytes", (event, hex) => {
	expect(toHex(encodeCbor(event))).toBe(hex);
	expect(parse(cameraEvent, decodeCbor(fromHex(hex)))).toEqual(event);
});

test("metadata of a recording has its bytes", () => {
	const metadata: RecordingMetadata = {
		number: 1,
		state: "complete",
		device: "0badcafe",
		build: "0123456789abcdef",
		engine: "xs-wasm 13.3.0",
		seeded: true,
		startedAt: 1_790_000_000_000,
		clockUncertaintyMs: 20,
		trigger: { monotonicMs: 40_000, source: "button", framesBefore: 745, framesAfter: 125 },
		preRecord: {
			configuredMs: 30_000,
			deliveredMs: 29_800,
			audioMs: 30_000,
			capacityMs: 60_000,
			reason: "complete",
		},
		announcement: { startMs: 40_010, endMs: 44_000, languages: ["de", "en"] },
		video: { width: 640, height: 360, frames: 870, firstMs: 10_200, lastMs: 44_960, bitRate: 500_000 },
		audio: { packets: 875, firstMs: 10_000, lastMs: 44_960 },
		stop: { monotonicMs: 45_000, reason: "button" },
		drainMs: 120,
		bytes: 2_200_000,
		sha256: Uint8Array.from({ length: 32 }, (_, index) => index),
		interrupted: false,
	};
	const hex =
		"b2666e756d6265720165737461746568636f6d706c65746566646576696365683062616463616665656275696c64703031323334353637383961626364656666656e67696e656e78732d7761736d2031332e332e3066736565646564f5697374617274656441741b000001a0c4506c0072636c6f636b556e6365727461696e74794d73146774726967676572a46b6d6f6e6f746f6e69634d73199c4066736f7572636566627574746f6e6c6672616d65734265666f72651902e96b6672616d65734166746572187d697072655265636f7264a56c636f6e666967757265644d731975306b64656c6976657265644d7319746867617564696f4d731975306a63617061636974794d7319ea6066726561736f6e68636f6d706c6574656c616e6e6f756e63656d656e74a36773746172744d73199c4a65656e644d7319abe0696c616e6775616765738262646562656e65766964656fa665776964746819028066686569676874190168666672616d65731903666766697273744d731927d8666c6173744d7319afa067626974526174651a0007a12065617564696fa3677061636b65747319036b6766697273744d73192710666c6173744d7319afa06473746f70a26b6d6f6e6f746f6e69634d7319afc866726561736f6e66627574746f6e67647261696e4d7318786562797465731a002191c0667368613235365820000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f6b696e746572727570746564f4";
	expect(toHex(encodeCbor(metadata))).toBe(hex);
	expect(parse(recordingMetadata, decodeCbor(fromHex(hex)))).toEqual(metadata);
});

test("requests have their bytes", () => {
	expect(toHex(encodeRequest(eventsRead, { after: 7, max: 16 }, 1))).toBe(
		"0800000d00410100a265616674657207636d617810",
	);
	expect(toHex(encodeRequest(recordingsRead, { number: 2, off: 4048, len: 4048 }, 255))).toBe(
		"080000170042ff02a3666e756d62657202636f6666190fd0636c656e190fd0",
	);
});
