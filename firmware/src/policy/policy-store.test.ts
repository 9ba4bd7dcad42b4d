import { SIGNED_POLICY_BYTES_MAX } from "@bodycam/protocol/policy/document";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FakeKeyValue } from "../testing/fake-key-value.ts";
import { POLICY_ENTRIES, POLICY_KEY, PolicyStore } from "./policy-store.ts";

const document = (length: number, fill: number) => new Uint8Array(length).fill(fill);

describe("the policy store", () => {
	it("is empty at first", async () => {
		expect(await new PolicyStore(new FakeKeyValue()).read()).toBeUndefined();
	});

	it("keeps documents of every length that is allowed", async () => {
		const store = new PolicyStore(new FakeKeyValue());
		for (const [index, length] of [1, 4095, 4096, 4097, SIGNED_POLICY_BYTES_MAX].entries()) {
			await store.write(document(length, index), index + 1);
			expect(await store.read()).toEqual({ signed: document(length, index), version: index + 1 });
		}
	});

	it("holds the old policy or the new one, whenever the power fails", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.nat(SIGNED_POLICY_BYTES_MAX - 1),
				fc.nat(SIGNED_POLICY_BYTES_MAX - 1),
				fc.nat(3),
				async (before, after, writes) => {
					const keyValue = new FakeKeyValue();
					const store = new PolicyStore(keyValue);
					await store.write(document(before + 1, 1), 1);
					keyValue.writesLeft = writes;
					const written = await store.write(document(after + 1, 2), 2).then(
						() => true,
						() => false,
					);
					const expected = written
						? { signed: document(after + 1, 2), version: 2 }
						: { signed: document(before + 1, 1), version: 1 };
					expect(await store.read()).toEqual(expected);
				},
			),
		);
	});

	it("knows the version of a document whose bytes are gone", async () => {
		const keyValue = new FakeKeyValue();
		const store = new PolicyStore(keyValue);
		await store.write(document(5000, 1), 7);
		keyValue.values.delete(`${POLICY_KEY}.a.1`);
		expect(await store.read()).toEqual({ signed: undefined, version: 7 });
	});

	it("is empty when its entries are deleted, from the first on", async () => {
		const keyValue = new FakeKeyValue();
		const store = new PolicyStore(keyValue);
		await store.write(document(5000, 1), 1);
		await store.write(document(5000, 2), 2);
		for (const [index, name] of POLICY_ENTRIES.entries()) {
			await keyValue.delete(name);
			if (index === 0) expect(await store.read()).toBeUndefined();
		}
		expect(keyValue.values.size).toBe(0);
	});
});
