import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRandomness } from "../../world/random.ts";
import { JustWorksResponder } from "./just-works.ts";
import { confirmValue, shortTermKey } from "./legacy-functions.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text, "hex")).reverse();
const initiator = { octets: hex("a1a2a3a4a5a6"), type: 1 };
const responder = { octets: hex("b1b2b3b4b5b6"), type: 0 };

function pairing() {
	const sent: Uint8Array[] = [];
	const random = createRandomness(1).stream("pairing");
	const made = new JustWorksResponder({ initiator, responder, random, send: (pdu) => sent.push(pdu) });
	return { made, sent };
}

const REQUEST = Uint8Array.of(1, 3, 0, 1, 16, 0, 1);

describe("LE legacy pairing", () => {
	it("computes the confirm value of the specification's example", () => {
		const value = confirmValue(
			new Uint8Array(16),
			hex("5783D52156AD6F0E6388274EC6702EE0"),
			hex("07071000000101"),
			hex("05000800000302"),
			initiator,
			responder,
		);
		expect(value).toEqual(hex("1e1e3fef878988ead2a74dc5bef13b86"));
	});

	it("computes the short-term key of the specification's example", () => {
		const key = shortTermKey(
			new Uint8Array(16),
			hex("000F0E0D0C0B0A091122334455667788"),
			hex("010203040506070899AABBCCDDEEFF00"),
		);
		expect(key).toEqual(hex("9a1fe1f0e8b0f49b5b4216ae796da062"));
	});

	it("agrees on a key with an initiator that keeps to what it confirmed", () => {
		const { made, sent } = pairing();
		const random = new Uint8Array(16).fill(9);
		made.receive(REQUEST);
		const response = sent[0] ?? new Uint8Array(0);
		const confirm = confirmValue(new Uint8Array(16), random, REQUEST, response, initiator, responder);
		made.receive(Uint8Array.from([3, ...confirm]));
		expect(made.key).toBeUndefined();
		made.receive(Uint8Array.from([4, ...random]));
		const theirs = (sent[2] ?? new Uint8Array(0)).slice(1);
		expect(made.key).toEqual(shortTermKey(new Uint8Array(16), theirs, random));
	});

	it("fails with an initiator that reveals another number, and with short keys", () => {
		const { made, sent } = pairing();
		made.receive(REQUEST);
		made.receive(Uint8Array.from([3, ...new Uint8Array(16)]));
		made.receive(Uint8Array.from([4, ...new Uint8Array(16)]));
		expect([sent.at(-1), made.key]).toEqual([Uint8Array.of(5, 4), undefined]);
		made.receive(Uint8Array.of(1, 3, 0, 1, 7, 0, 1));
		expect(sent.at(-1)).toEqual(Uint8Array.of(5, 6));
	});

	it("agrees on nothing whatever it is sent", () => {
		const pdu = fc.tuple(fc.nat(15), fc.uint8Array({ maxLength: 20 }));
		fc.assert(
			fc.property(fc.array(pdu, { maxLength: 12 }), (pdus) => {
				const { made } = pairing();
				for (const [code, rest] of pdus) made.receive(Uint8Array.from([code, ...rest]));
				expect(made.key).toBeUndefined();
			}),
		);
	});
});
