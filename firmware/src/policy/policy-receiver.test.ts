import { PolicyRefusal } from "@bodycam/protocol/policy/signed";
import { nodeTrustCrypto as crypto } from "@bodycam/protocol/testing/node-crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PolicyReceiver } from "./policy-receiver.ts";

const document = Uint8Array.from({ length: 3000 }, (_, index) => index % 251);

function setup(install: (signed: Uint8Array) => Promise<void> = async () => undefined) {
	const installed: Uint8Array[] = [];
	const refused: string[] = [];
	const receiver = new PolicyReceiver({
		crypto,
		install: async (signed) => {
			installed.push(signed.slice());
			await install(signed);
		},
		onRefused: ({ reason }) => refused.push(reason),
	});
	const send = (off: number, length: number, of = document) =>
		receiver.receive({
			sha256: crypto.sha256(of),
			total: of.length,
			off,
			data: of.slice(off, off + length),
		});
	return { receiver, send, installed, refused };
}

describe("a policy in chunks", () => {
	it("is installed when it is whole", async () => {
		const { send, installed } = setup();
		expect(await send(0, 1000)).toBe(1000);
		expect(await send(1000, 1999)).toBe(2999);
		expect(installed).toEqual([]);
		expect(await send(2999, 1)).toBe(3000);
		expect(installed).toEqual([document]);
	});

	it("may come in one", async () => {
		const { send, installed } = setup();
		expect(await send(0, 3000)).toBe(3000);
		expect(installed).toEqual([document]);
	});

	it("is installed once, although chunks are sent again", async () => {
		const { send, installed } = setup();
		await send(0, 2000);
		expect(await send(0, 2000)).toBe(2000);
		await send(2000, 1000);
		expect(await send(2000, 1000)).toBe(3000);
		expect(installed).toHaveLength(1);
	});

	it("is tried anew when it comes again from the start", async () => {
		let expired = true;
		const { send } = setup(async () => {
			if (expired) throw new PolicyRefusal("expired", "expires is in the past");
		});
		await expect(send(0, 3000)).rejects.toThrow("expires");
		expired = false;
		expect(await send(0, 3000)).toBe(3000);
	});

	it("tells the offset wanted when one was skipped", async () => {
		const { send } = setup();
		await send(0, 100);
		expect(await send(500, 100)).toBe(100);
	});

	it("begins anew with another document, and after an interruption", async () => {
		const { send, installed } = setup();
		const other = document.slice(1);
		await send(0, 2000);
		await send(0, 2999, other);
		await send(0, 1500);
		await send(1500, 1500);
		expect(installed).toEqual([other, document]);
	});

	it("gets the same refusal when its last chunk is sent again", async () => {
		const { send, installed } = setup(() => Promise.reject(new PolicyRefusal("older", "version is 1")));
		await send(0, 2000);
		await expect(send(2000, 1000)).rejects.toThrow("version is 1");
		await expect(send(2000, 1000)).rejects.toThrow("version is 1");
		expect(installed).toHaveLength(1);
	});

	it("that arrives damaged is refused", async () => {
		const { receiver, refused, installed } = setup();
		const data = document.slice();
		data[5] = 0xff;
		const sha256 = crypto.sha256(document);
		await expect(receiver.receive({ sha256, total: 3000, off: 0, data })).rejects.toThrow("damaged");
		expect(refused).toEqual(["malformed"]);
		expect(installed).toEqual([]);
	});

	it("that is too large is refused before any room is made for it", async () => {
		const { receiver, refused } = setup();
		const request = { sha256: new Uint8Array(32), total: 8193, off: 0, data: Uint8Array.of(1) };
		await expect(receiver.receive(request)).rejects.toThrow(PolicyRefusal);
		expect(refused).toEqual(["too-large"]);
	});

	it("survives chunks of any size in any order, repeated at will", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.record({ off: fc.nat(2999), length: fc.integer({ min: 1, max: 3000 }) }), {
					maxLength: 20,
				}),
				async (chunks) => {
					const { send, installed } = setup();
					for (const { off, length } of chunks) await send(off, length);
					for (let off = 0; off < 3000; ) off = await send(off, 700);
					expect(
						installed.every((signed) => crypto.sha256(signed).join() === crypto.sha256(document).join()),
					).toBe(true);
					expect(installed.length).toBeGreaterThan(0);
				},
			),
			{ numRuns: 50 },
		);
	});
});
