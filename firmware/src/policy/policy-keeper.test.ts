import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import type { Policy } from "@bodycam/protocol/policy/document";
import { POLICY_CONTENT_TYPE } from "@bodycam/protocol/policy/document";
import { type PolicyAuthority, PolicyRefusal, signPolicy } from "@bodycam/protocol/policy/signed";
import type { LocalSettings } from "@bodycam/protocol/policy/tighten";
import { nodeTrustCrypto as crypto, testSigner } from "@bodycam/protocol/testing/node-crypto";
import { signDocument } from "@bodycam/protocol/trust/signed-document";
import { describe, expect, it } from "vitest";
import { demoDocument, TEST_AGENCY } from "../testing/demo-policy.ts";
import { FakeKeyValue } from "../testing/fake-key-value.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import { absentPolicy } from "./absent.ts";
import { PolicyKeeper } from "./policy-keeper.ts";
import { POLICY_KEY, PolicyStore } from "./policy-store.ts";

const signer = testSigner(1);
const AUTHORITY: PolicyAuthority = { agency: TEST_AGENCY, key: signer.publicKey };
const NOW = Date.UTC(2027, 0, 1);
const HOUR = 3_600_000;

const version = (number: number, more: Partial<Policy> = {}): Policy => ({
	...demoDocument,
	...more,
	version: number,
});
const sign = (policy: Policy, by = signer) => signPolicy(policy, by, crypto);
/** Signed without the checks of `signPolicy`. */
const signAnything = (value: unknown) => signDocument(POLICY_CONTENT_TYPE, encodeCbor(value), signer, crypto);

function camera(options: { authority?: PolicyAuthority | undefined; keyValue?: FakeKeyValue } = {}) {
	const keyValue = options.keyValue ?? new FakeKeyValue();
	const timers = createVirtualTimers();
	const events: CameraEventBody[] = [];
	const world = { recording: false, now: NOW as number | undefined };
	let changes = 0;
	const keeper = new PolicyKeeper({
		store: new PolicyStore(keyValue),
		authority: () => ("authority" in options ? options.authority : AUTHORITY),
		crypto,
		prompts: new Set(["de", "en"]),
		wallClock: () => world.now,
		timers,
		emit: (event) => events.push(event),
		recording: () => world.recording,
		onChange: () => changes++,
	});
	const load = async (settings: LocalSettings = {}) => {
		await keeper.load(settings);
		return keeper;
	};
	return { keyValue, keeper, events, world, timers, load, changes: () => changes };
}

async function refusal(keeper: PolicyKeeper, signed: Uint8Array): Promise<PolicyRefusal> {
	const error = await keeper.install(signed).then(
		() => undefined,
		(thrown: unknown) => thrown,
	);
	if (!(error instanceof PolicyRefusal)) throw new Error("it was not refused");
	return error;
}

describe("without a policy", () => {
	it("nothing is allowed, and it is told", async () => {
		const { load, events } = camera();
		const keeper = await load();
		expect(keeper.state).toBe("none");
		expect(keeper.effective).toBe(absentPolicy);
		expect(events).toEqual([{ type: "policy-missing", why: "none" }]);
	});

	it("that loads nothing is in force yet", () => {
		const { keeper } = camera();
		expect(keeper.state).toBe("loading");
		expect(keeper.effective).toBe(absentPolicy);
	});

	it("the document that allows nothing contradicts no promise", () => {
		expect(absentPolicy.preRecording).toMatchObject({ mode: "off", lengthMs: 0, locked: true });
		expect(absentPolicy.covert).toBe(false);
	});
});

describe("a policy of the agency", () => {
	it("is in force at once, and after the next boot", async () => {
		const { load, keyValue, events } = camera();
		const keeper = await load();
		const signed = sign(version(3));
		await keeper.install(signed);
		expect(keeper.state).toBe("in-force");
		expect(keeper.effective.preRecording.lengthMs).toBe(30_000);
		expect(events.slice(1)).toMatchObject([
			{ type: "policy-installed", name: "demo", version: 3, effect: "now" },
			{ type: "policy", name: "demo", version: 3, preRecordMs: 30_000, sound: true },
		]);
		const next = camera({ keyValue });
		expect((await next.load()).status()).toMatchObject({
			state: "in-force",
			installed: { version: 3, agency: TEST_AGENCY, sha256: crypto.sha256(signed), bytes: signed.length },
		});
		expect(await next.keeper.read()).toEqual(signed);
	});

	it("is tightened by the settings of the camera", async () => {
		const { load } = camera();
		const keeper = await load({ preRecordMs: 5000, preRecordSound: false });
		await keeper.install(sign(version(1)));
		expect(keeper.effective.preRecording).toMatchObject({ lengthMs: 5000, sound: false });
	});

	it("changes nothing when it is installed again", async () => {
		const { load, events, changes } = camera();
		const keeper = await load();
		const signed = sign(version(1));
		await keeper.install(signed);
		const before = [events.length, changes()];
		await keeper.install(signed);
		expect([events.length, changes()]).toEqual(before);
	});

	it("replaces an older one, and names it", async () => {
		const { load, events } = camera();
		const keeper = await load();
		await keeper.install(sign(version(1)));
		await keeper.install(sign(version(2, { name: "other" })));
		expect(keeper.effective.name).toBe("other");
		expect(events.find((event) => event.type === "policy-installed" && event.version === 2)).toMatchObject({
			previous: 1,
		});
	});
});

describe("during a recording", () => {
	it("another policy waits until it is over", async () => {
		const { load, world, events } = camera();
		const keeper = await load();
		await keeper.install(sign(version(1)));
		world.recording = true;
		await keeper.install(sign(version(2, { name: "other" })));
		expect(keeper.effective.name).toBe("demo");
		expect(keeper.status()).toMatchObject({ state: "in-force", installed: { version: 2 }, waiting: 2 });
		expect(events.at(-1)).toMatchObject({ type: "policy-installed", effect: "after-recording" });
		expect(keeper.sha256).toEqual(crypto.sha256(sign(version(1))));
		keeper.settle();
		expect(keeper.effective.name).toBe("demo");
		world.recording = false;
		keeper.settle();
		expect(keeper.effective.name).toBe("other");
		expect(keeper.status().waiting).toBeUndefined();
	});

	it("the policy stays in force although it expires", async () => {
		const { load, world } = camera();
		const keeper = await load();
		await keeper.install(sign(version(1, { expires: NOW + HOUR })));
		world.recording = true;
		world.now = NOW + HOUR + 1;
		keeper.settle();
		expect(keeper.state).toBe("in-force");
		world.recording = false;
		keeper.settle();
		expect(keeper.state).toBe("expired");
	});
});

describe("validity", () => {
	it("ends by itself at the time the policy says", async () => {
		const { load, world, timers, events } = camera();
		const keeper = await load();
		await keeper.install(sign(version(1, { expires: NOW + 3 * HOUR })));
		for (let hour = 0; hour < 4; hour++) {
			world.now = (world.now ?? 0) + HOUR;
			await timers.advance(HOUR * 1000);
		}
		expect(keeper.state).toBe("expired");
		expect(keeper.effective).toBe(absentPolicy);
		expect(events.at(-1)).toEqual({ type: "policy-missing", why: "expired" });
	});

	it("is not known while the clock is unset, and judged when it is set", async () => {
		const { load, world } = camera();
		world.now = undefined;
		const keeper = await load();
		await keeper.install(sign(version(1, { expires: NOW - 1 })));
		expect(keeper.state).toBe("in-force");
		world.now = NOW;
		keeper.settle();
		expect(keeper.state).toBe("expired");
	});

	it("that has not begun when the clock turns out to be behind is not in force until then", async () => {
		const { load, world } = camera();
		world.now = undefined;
		const keeper = await load();
		await keeper.install(sign(version(1, { notBefore: NOW + HOUR })));
		world.now = NOW;
		keeper.settle();
		expect(keeper.state).toBe("not-yet-valid");
		world.now = NOW + HOUR;
		keeper.settle();
		expect(keeper.state).toBe("in-force");
	});
});

describe("refused, and the one there is stays:", () => {
	const damaged = sign(version(9));
	damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
	const other = testSigner(2);
	const cases: readonly (readonly [what: string, signed: Uint8Array, reason: string, field?: string])[] = [
		["not signed", encodeCbor(version(9)), "unsigned"],
		["signed by a stranger", sign(version(9), other), "wrong-signer"],
		["changed after signing", damaged, "bad-signature"],
		["cut off", damaged.subarray(0, 100), "malformed"],
		["empty", new Uint8Array(0), "malformed"],
		[
			"of another type",
			signDocument("application/x+cbor", encodeCbor(version(9)), signer, crypto),
			"wrong-type",
		],
		["of another agency", sign(version(9, { issuer: { agency: "B" } })), "wrong-agency", "issuer.agency"],
		["expired", sign(version(9, { expires: NOW - 1 })), "expired", "expires"],
		["not valid yet", sign(version(9, { notBefore: NOW + 1 })), "not-yet-valid", "notBefore"],
		["older", sign(version(4)), "older", "version"],
		["of the same version with other contents", sign(version(5, { title: "other" })), "older", "version"],
		[
			"without a field",
			signAnything({ ...version(9), retention: { class: "x" } }),
			"invalid",
			"retention.days",
		],
		["with a field of the wrong type", signAnything({ ...version(9), covert: 0 }), "invalid", "covert"],
		["with a field nobody knows", signAnything({ ...version(9), stealth: true }), "invalid", "stealth"],
		["of a future form", signAnything({ ...version(9), format: 2 }), "invalid", "format"],
		[
			"locked off and always on",
			signAnything({ ...version(9), preRecording: { ...demoDocument.preRecording, locked: true } }),
			"invalid",
			"preRecording.mode",
		],
		["no policy at all", signAnything(7), "invalid"],
		[
			"in a language it has no prompt for",
			sign(
				version(9, {
					announcement: { ...demoDocument.announcement, languages: ["de", "tr"], signedOff: ["tr"] },
				}),
			),
			"no-prompt",
			"announcement.languages[1]",
		],
		["larger than is kept", new Uint8Array(8193).fill(0xd2), "too-large"],
	];
	it.each(cases.map(([what, signed, reason, field]) => ({ what, signed, reason, field })))(
		"$what",
		async ({ signed, reason, field }) => {
			const { load, events, keyValue } = camera();
			const keeper = await load();
			await keeper.install(sign(version(5)));
			const stored = new Map(keyValue.values);
			const error = await refusal(keeper, signed);
			expect(error.reason).toBe(reason);
			expect(error.field).toBe(field);
			if (field !== undefined) expect(error.message).toContain(field);
			expect(events.at(-1)).toMatchObject({ type: "policy-refused", reason, ...(field && { field }) });
			expect(keeper.status()).toMatchObject({ state: "in-force", installed: { version: 5 } });
			expect(keyValue.values).toEqual(stored);
		},
	);

	it("any, while the camera belongs to no agency", async () => {
		const { load } = camera({ authority: undefined });
		expect((await refusal(await load(), sign(version(1)))).reason).toBe("not-provisioned");
	});

	it("one that cannot be stored", async () => {
		const { load, keyValue } = camera();
		const keeper = await load();
		await keeper.install(sign(version(1)));
		keyValue.writesLeft = 1;
		expect((await refusal(keeper, sign(version(2)))).reason).toBe("not-kept");
		expect(keeper.status()).toMatchObject({ state: "in-force", installed: { version: 1 } });
	});
});

describe("at boot", () => {
	const stored = async (number: number) => {
		const keyValue = new FakeKeyValue();
		const { load } = camera({ keyValue });
		await (await load()).install(sign(version(number)));
		return keyValue;
	};

	it.each([
		["a part is gone", (values: Map<string, Uint8Array>) => values.delete(`${POLICY_KEY}.a.0`)],
		[
			"a byte has changed",
			(values: Map<string, Uint8Array>) => values.get(`${POLICY_KEY}.a.0`)?.fill(0, 200, 201),
		],
		["the entry is no entry", (values: Map<string, Uint8Array>) => values.set(POLICY_KEY, Uint8Array.of(1))],
	])("a policy of which %s is not in force, and it is told why", async (_what, damage) => {
		const keyValue = await stored(3);
		damage(keyValue.values);
		const { load, events } = camera({ keyValue });
		expect((await load()).state).toBe("damaged");
		expect(events).toMatchObject([{ type: "policy-missing", why: "damaged", detail: expect.any(String) }]);
	});

	it("no older version is taken in place of one that is damaged", async () => {
		const keyValue = await stored(3);
		keyValue.values.delete(`${POLICY_KEY}.a.0`);
		const keeper = await camera({ keyValue }).load();
		expect((await refusal(keeper, sign(version(2)))).reason).toBe("older");
		await keeper.install(sign(version(4)));
		expect(keeper.state).toBe("in-force");
	});

	it("a policy signed by another agency's key is not in force", async () => {
		const keyValue = await stored(3);
		const authority = { ...AUTHORITY, key: testSigner(2).publicKey };
		expect((await camera({ keyValue, authority }).load()).state).toBe("damaged");
	});
});
