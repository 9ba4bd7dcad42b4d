import { expect, it } from "vitest";
import { ConnectionError } from "../../errors.ts";
import { guarded } from "./guard.ts";

const bounds = (signals: AbortSignal[] = [], ms = 60_000) => ({
	ms,
	late: () => new ConnectionError("too late"),
	signals,
});
const never = () => new Promise<never>(() => undefined);

it("gives what a call gives, or throws", async () => {
	await expect(guarded(async () => 5, bounds())).resolves.toBe(5);
	await expect(guarded(() => Promise.reject(new Error("no")), bounds())).rejects.toThrow("no");
});

it("does not wait longer than told", async () => {
	await expect(guarded(never, bounds([], 1))).rejects.toThrow("too late");
});

it("rejects with the reason of whatever ends first", async () => {
	const lost = new AbortController();
	const waiting = guarded(never, bounds([new AbortController().signal, lost.signal]));
	lost.abort(new ConnectionError("the link was lost"));
	await expect(waiting).rejects.toThrow("the link was lost");
});

it("begins nothing once it is over", async () => {
	let begun = false;
	const call = async () => {
		begun = true;
	};
	await expect(guarded(call, bounds([AbortSignal.abort(new Error("enough"))]))).rejects.toThrow("enough");
	expect(begun).toBe(false);
});
