import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Allowance } from "@bodycam/protocol/policy/terms";
import { testSigner } from "@bodycam/protocol/testing/node-crypto";
import { type Assignment, issueAssignment } from "@bodycam/protocol/wearer/assignment";
import { describe, expect, it } from "vitest";
import { nodeSignature as crypto } from "../testing/node-signature.ts";
import { createVirtualTimers } from "../testing/virtual-timers.ts";
import type { WearerRule } from "./obstacle.ts";
import { WearerRefusal, type WearerRefusalReason } from "./refusal.ts";
import { WearerKeeper } from "./wearer-keeper.ts";

const HOUR = 3_600_000;
const START = Date.UTC(2027, 0, 1);
const SERIAL = "0011223344556677";
const signer = testSigner(1);
const RULE: WearerRule["wearer"] = { assignmentRequired: true, checkOutRequired: false };

const CONTENT: Omit<Assignment, "format"> = {
	number: 5,
	agency: "Ordnungsamt",
	camera: SERIAL,
	wearer: "W-17",
	consent: { givenAt: START, validUntil: START + 20 * HOUR },
	training: { date: START, validUntil: START + 30 * HOUR },
	notBefore: START,
	notAfter: START + 10 * HOUR,
};

function document(changes: Partial<Assignment> = {}, by = signer): Uint8Array {
	return issueAssignment({ ...CONTENT, ...changes }, by, crypto);
}

/** A keeper with a store that a test can look into, make fail, and boot another keeper from. */
function setup(
	options: {
		rule?: Partial<WearerRule["wearer"]>;
		whenClockUnset?: Allowance;
		values?: Map<string, Uint8Array>;
	} = {},
) {
	const { values = new Map<string, Uint8Array>(), whenClockUnset = "recording" } = options;
	const timers = createVirtualTimers();
	const state = {
		events: [] as CameraEventBody[],
		changes: [] as boolean[],
		errors: [] as string[],
		recording: false,
		failing: false,
		clockSet: true,
		authority: { agency: "Ordnungsamt", publicKey: signer.publicKey } as
			| { agency: string; publicKey: Uint8Array }
			| undefined,
		/** Called in the middle of each write. */
		onWrite: (): void => undefined,
	};
	const keeper = new WearerKeeper({
		timers,
		keyValue: {
			read: async (key) => values.get(key),
			write: async (key, value) => {
				await Promise.resolve();
				state.onWrite();
				if (state.failing) throw new Error("the store is broken");
				values.set(key, value.slice());
			},
		},
		wallClock: () => (state.clockSet ? START + HOUR + Math.round(timers.now() / 1000) : undefined),
		serial: SERIAL,
		authority: () => state.authority,
		crypto,
		rule: () => ({ wearer: { ...RULE, ...options.rule }, whenClockUnset }),
		recording: () => state.recording,
		emit: (event) => state.events.push(event),
		log: { write: (level, text) => void (level === "error" && state.errors.push(text)) },
		onChange: (withdrawn) => state.changes.push(withdrawn),
	});
	return { keeper, state, timers, values };
}

async function refusal(work: Promise<unknown>): Promise<WearerRefusalReason> {
	const error = await work.then(
		() => undefined,
		(reason: unknown) => reason,
	);
	if (error instanceof WearerRefusal) return error.reason;
	throw new Error(`not refused, but ${String(error)}`);
}

const types = (events: readonly CameraEventBody[]) => events.map(({ type }) => type);

describe("a camera without a wearer", () => {
	it("records nothing", () => {
		expect(setup().keeper.obstacle).toBe("no-wearer");
	});

	it("records where the policy asks for no assignment", () => {
		expect(setup({ rule: { assignmentRequired: false } }).keeper.obstacle).toBeUndefined();
	});

	it("cannot be checked out, and withdrawing changes nothing", async () => {
		const { keeper, state } = setup();
		expect(await refusal(keeper.checkOut(undefined))).toBe("no-wearer");
		expect((await keeper.withdraw("button")).state).toBe("unassigned");
		expect(state.events).toEqual([]);
	});
});

describe("an assignment", () => {
	it("lets the camera record, and is told", async () => {
		const { keeper, state } = setup();
		const status = await keeper.assign(document());
		expect(status).toMatchObject({ state: "assigned", lastNumber: 5, assignment: { wearer: "W-17" } });
		expect(keeper.obstacle).toBeUndefined();
		expect(state.events).toEqual([
			{ type: "wearer-assigned", wearer: "W-17", assignment: 5, notAfter: START + 10 * HOUR },
		]);
		expect(state.changes).toEqual([false]);
	});

	it("is there after a restart", async () => {
		const { keeper, values } = setup();
		await keeper.assign(document());
		await keeper.checkOut(undefined);
		const { keeper: next, state } = setup({ values });
		await next.load();
		expect(next.status()).toMatchObject({ state: "checked-out", lastNumber: 5, assignment: { number: 5 } });
		expect(state.events).toEqual([]);
	});

	it("sent again is no mistake and no event", async () => {
		const { keeper, state } = setup();
		await keeper.assign(document());
		await keeper.assign(document());
		expect(types(state.events)).toEqual(["wearer-assigned"]);
	});

	it("with a higher number replaces the one before", async () => {
		const { keeper } = setup();
		await keeper.assign(document());
		const status = await keeper.assign(document({ number: 6, wearer: "W-18" }));
		expect(status).toMatchObject({ lastNumber: 6, assignment: { wearer: "W-18" } });
	});

	it.each([
		["by another agency's key", document({}, testSigner(2)), "wrong-signer"],
		["of another agency", document({ agency: "Polizei" }), "wrong-agency"],
		["for another camera", document({ camera: "99" }), "wrong-device"],
		["that is cut off", document().subarray(0, 100), "malformed"],
		["that has expired", document({ notAfter: START }), "expired"],
		[
			"whose consent has expired",
			document({ consent: { givenAt: 0, validUntil: START } }),
			"consent-expired",
		],
		[
			"whose training has expired",
			document({ training: { date: 0, validUntil: START } }),
			"training-expired",
		],
	] as const)("%s is refused, and told", async (_what, bytes, reason) => {
		const { keeper, state, values } = setup();
		expect(await refusal(keeper.assign(bytes))).toBe(reason);
		expect(state.events).toEqual([{ type: "wearer-assignment-refused", why: reason }]);
		expect(keeper.obstacle).toBe("no-wearer");
		expect(values.size).toBe(0);
	});

	it.each([5, 4])("with number %i after number 5 is refused", async (number) => {
		const { keeper } = setup();
		await keeper.assign(document());
		expect(await refusal(keeper.assign(document({ number, wearer: "W-18" })))).toBe("older");
		expect(keeper.assignment?.wearer).toBe("W-17");
	});

	it("is refused while the camera is out, recording, or nobody's", async () => {
		const { keeper, state } = setup();
		await keeper.assign(document());
		await keeper.checkOut(undefined);
		expect(await refusal(keeper.assign(document({ number: 6 })))).toBe("checked-out");
		await keeper.checkIn();
		state.recording = true;
		expect(await refusal(keeper.assign(document({ number: 6 })))).toBe("recording");
		state.authority = undefined;
		expect(await refusal(keeper.assign(document({ number: 6 })))).toBe("not-provisioned");
		expect(keeper.assignment?.number).toBe(5);
	});

	it("that cannot be stored does not count", async () => {
		const { keeper, state } = setup();
		state.failing = true;
		expect(await refusal(keeper.assign(document()))).toBe("not-kept");
		expect(keeper.obstacle).toBe("no-wearer");
		expect(keeper.status().lastNumber).toBe(0);
	});

	it("does not count after a restart with another agency", async () => {
		const { keeper, values } = setup();
		await keeper.assign(document());
		const { keeper: next, state } = setup({ values });
		state.authority = { agency: "Ordnungsamt", publicKey: testSigner(2).publicKey };
		await next.load();
		expect(next.obstacle).toBe("no-wearer");
		expect(next.status().lastNumber).toBe(5);
		expect(state.events).toEqual([{ type: "wearer-assignment-refused", why: "wrong-signer" }]);
	});

	it("that is damaged in the store leaves nobody assigned, and the log says so", async () => {
		const { keeper, state } = setup({ values: new Map([["wearer", Uint8Array.of(0xff)]]) });
		await keeper.load();
		expect(keeper.obstacle).toBe("no-wearer");
		expect(state.errors).toHaveLength(1);
	});
});

describe("the dates", () => {
	it("end the assignment by themselves, with an event", async () => {
		const { keeper, state, timers } = setup();
		await keeper.assign(document());
		await timers.advance(9 * HOUR * 1000 - 1_000_000);
		expect(keeper.obstacle).toBeUndefined();
		await timers.advance(2_000_000);
		expect(keeper.obstacle).toBe("assignment-expired");
		expect(state.events.at(-1)).toEqual({
			type: "wearer-lapsed",
			wearer: "W-17",
			why: "assignment-expired",
		});
		expect(state.changes.length).toBeGreaterThan(1);
	});

	it.each([
		["consent", { consent: { givenAt: START, validUntil: START + 2 * HOUR } }, "consent-expired"],
		["training", { training: { date: START, validUntil: START + 2 * HOUR } }, "training-expired"],
	] as const)("of the %s count as well", async (_what, changes, why) => {
		const { keeper, timers } = setup();
		await keeper.assign(document(changes));
		await timers.advance(2 * HOUR * 1000);
		expect(keeper.obstacle).toBe(why);
		expect(await refusal(keeper.checkOut(undefined))).toBe(why);
	});

	it("let an assignment be stored that begins later", async () => {
		const { keeper, timers } = setup();
		await keeper.assign(document({ notBefore: START + 2 * HOUR }));
		expect(keeper.obstacle).toBe("not-yet-valid");
		await timers.advance(HOUR * 1000);
		expect(keeper.obstacle).toBeUndefined();
	});

	it("are told once, not at every look", async () => {
		const { keeper, state, timers } = setup();
		await keeper.assign(document());
		await timers.advance(48 * HOUR * 1000);
		keeper.reconsider();
		expect(types(state.events)).toEqual(["wearer-assigned", "wearer-lapsed"]);
	});

	it.each([
		["nothing", "clock-unset"],
		["warning", "clock-unset"],
		["recording", undefined],
		["everything", undefined],
	] as const)("while the clock is unset count as the policy says: %s", async (whenClockUnset, obstacle) => {
		const { keeper, state } = setup({ whenClockUnset });
		state.clockSet = false;
		await keeper.assign(document());
		expect(keeper.obstacle).toBe(obstacle);
	});

	it("count again as soon as the clock is set", async () => {
		const { keeper, state, timers } = setup();
		state.clockSet = false;
		await keeper.assign(document({ notAfter: START }));
		await timers.advance(1);
		state.clockSet = true;
		keeper.reconsider();
		expect(keeper.obstacle).toBe("assignment-expired");
	});
});

describe("a shift", () => {
	it("is asked for where the policy wants it", async () => {
		const { keeper } = setup({ rule: { checkOutRequired: true } });
		await keeper.assign(document());
		expect(keeper.obstacle).toBe("not-checked-out");
		await keeper.checkOut("W-17");
		expect(keeper.obstacle).toBeUndefined();
		await keeper.checkIn();
		expect(keeper.obstacle).toBe("not-checked-out");
	});

	it("begins and ends with an event, each once", async () => {
		const { keeper, state } = setup();
		await keeper.assign(document());
		for (const _twice of [1, 2]) await keeper.checkOut(undefined);
		for (const _twice of [1, 2]) await keeper.checkIn();
		expect(types(state.events)).toEqual(["wearer-assigned", "wearer-checked-out", "wearer-checked-in"]);
	});

	it("is only for the wearer the camera is assigned to", async () => {
		const { keeper } = setup();
		await keeper.assign(document());
		expect(await refusal(keeper.checkOut("W-18"))).toBe("other-wearer");
	});

	it("does not end in the middle of a recording", async () => {
		const { keeper, state } = setup();
		await keeper.assign(document());
		await keeper.checkOut(undefined);
		state.recording = true;
		expect(await refusal(keeper.checkIn())).toBe("recording");
		expect(keeper.state).toBe("checked-out");
	});
});

describe("a withdrawal", () => {
	it("counts at once, before anything is stored", async () => {
		const { keeper, state } = setup();
		await keeper.assign(document());
		void keeper.withdraw("button");
		expect(keeper.obstacle).toBe("consent-withdrawn");
		expect(state.events.at(-1)).toEqual({ type: "wearer-withdrawn", wearer: "W-17", source: "button" });
		expect(state.changes.at(-1)).toBe(true);
	});

	it("counts where the policy asks for no assignment", async () => {
		const { keeper } = setup({ rule: { assignmentRequired: false } });
		await keeper.assign(document());
		await keeper.withdraw("link");
		expect(keeper.obstacle).toBe("consent-withdrawn");
	});

	it("is not undone by a restart, nor by the same assignment", async () => {
		const { keeper, values } = setup();
		await keeper.assign(document());
		await keeper.checkOut(undefined);
		await keeper.withdraw("link");
		const { keeper: next } = setup({ values });
		await next.load();
		expect(next.obstacle).toBe("consent-withdrawn");
		expect(await refusal(next.assign(document()))).toBe("older");
		await next.assign(document({ number: 6 }));
		expect(next.obstacle).toBeUndefined();
	});

	it("forgets the assignment, in the store too", async () => {
		const { keeper, values } = setup();
		await keeper.assign(document());
		const before = values.get("wearer")?.length ?? 0;
		await keeper.withdraw("link");
		expect(keeper.status().assignment).toBeUndefined();
		expect(values.get("wearer")?.length).toBeLessThan(before / 4);
	});

	it("that cannot be stored counts, and is stored as soon as that works", async () => {
		const { keeper, state, timers, values } = setup();
		await keeper.assign(document());
		state.failing = true;
		expect((await keeper.withdraw("button")).state).toBe("withdrawn");
		await timers.advance(25_000_000);
		state.failing = false;
		await timers.advance(10_000_000);
		const { keeper: next } = setup({ values });
		await next.load();
		expect(next.state).toBe("withdrawn");
	});

	it.each(["assign", "check-out"] as const)("in the middle of storing a %s wins", async (what) => {
		const { keeper, state, values } = setup();
		await keeper.assign(document());
		let withdrawal: Promise<unknown> | undefined;
		state.onWrite = () => {
			withdrawal ??= keeper.withdraw("button");
		};
		const work = what === "assign" ? keeper.assign(document({ number: 6 })) : keeper.checkOut(undefined);
		await work.catch(() => undefined);
		await withdrawal;
		expect(keeper.obstacle).toBe("consent-withdrawn");
		const { keeper: next } = setup({ values });
		await next.load();
		expect(next.state).toBe("withdrawn");
		expect(next.status().lastNumber).toBe(what === "assign" ? 6 : 5);
	});
});
