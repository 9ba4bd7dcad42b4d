import { custodyGenesis } from "@bodycam/protocol/custody/chain";
import { expect, test } from "vitest";
import { nodeSignature } from "../testing/node-signature.ts";
import { FakeKeyValue } from "../testing/trust-rig.ts";
import { CHAIN_KEY, ChainKeeper } from "./chain-keeper.ts";

const SERIAL = "0011";
const hash = (value: number) => new Uint8Array(32).fill(value);

function keeper(keyValue = new FakeKeyValue()) {
	const lines: string[] = [];
	const log = { write: (_level: string, text: string) => void lines.push(text) };
	return {
		keyValue,
		lines,
		chain: new ChainKeeper({ keyValue, serial: SERIAL, crypto: nodeSignature, log }),
	};
}

/** What a keeper knows after a restart. */
async function restarted(keyValue: FakeKeyValue) {
	const { chain } = keeper(keyValue);
	await chain.load();
	return { number: chain.number, before: chain.before, closed: chain.closed };
}

test("a camera's first recording begins with the hash of its serial number", async () => {
	const { chain } = keeper();
	await chain.load();
	expect(chain.before).toEqual(custodyGenesis(SERIAL, nodeSignature));
	expect(chain.number).toBe(0);
});

test("the next recording begins with the final hash of the newest, across restarts", async () => {
	const { chain, keyValue } = keeper();
	chain.opened(1, hash(1));
	chain.ended(1, hash(2));
	await chain.settled();
	expect(await restarted(keyValue)).toEqual({ number: 1, before: hash(2), closed: true });
});

test("while the newest is open, the hash behind its header stands for it", async () => {
	const { chain, keyValue } = keeper();
	chain.opened(7, hash(1));
	await chain.settled();
	expect(await restarted(keyValue)).toEqual({ number: 7, before: hash(1), closed: false });
});

test("until when a recording ran whose card was behind is known after a restart, and when another one has begun", async () => {
	const { chain, keyValue } = keeper();
	chain.opened(7, hash(1));
	chain.runsUntil(6, 1000);
	expect(chain.ranUntil(7)).toBeUndefined();
	chain.runsUntil(7, 5000);
	await chain.settled();
	const { chain: later } = keeper(keyValue);
	await later.load();
	later.opened(8, hash(2));
	expect([later.ranUntil(7), later.ranUntil(8)]).toEqual([5000, undefined]);
	chain.ended(7, hash(3));
	chain.runsUntil(7, 9000);
	expect(chain.ranUntil(7)).toBeUndefined();
});

test("the end of an older recording, and another end of the same one, change nothing", async () => {
	const { chain } = keeper();
	chain.opened(7, hash(1));
	chain.ended(6, hash(2));
	expect(chain.before).toEqual(hash(1));
	chain.ended(7, hash(3));
	chain.ended(7, hash(4));
	expect(chain.before).toEqual(hash(3));
});

test("the end of a newer recording, from a card that was in use before, is taken over", () => {
	const { chain } = keeper();
	chain.ended(9, hash(3));
	expect([chain.number, chain.before]).toEqual([9, hash(3)]);
});

test("what is damaged counts as nothing, and the log says so", async () => {
	const { chain, keyValue, lines } = keeper();
	keyValue.values.set(CHAIN_KEY, Uint8Array.of(0xff));
	await chain.load();
	expect(chain.number).toBe(0);
	expect(lines).toEqual([expect.stringMatching(/cannot be read/)]);
});

test("a flash that fails is told, and what is known goes on", async () => {
	const { chain, keyValue, lines } = keeper();
	keyValue.changesLeft = 0;
	chain.opened(3, hash(1));
	await chain.settled();
	expect(chain.number).toBe(3);
	expect(lines).toEqual([expect.stringMatching(/recording 3 cannot be kept/)]);
});

test("what was read late does not replace what happened meanwhile", async () => {
	const { keyValue } = keeper();
	const first = keeper(keyValue).chain;
	first.ended(2, hash(2));
	await first.settled();
	const { chain } = keeper(keyValue);
	const loading = chain.load();
	chain.opened(3, hash(3));
	await loading;
	expect(chain.number).toBe(3);
});
