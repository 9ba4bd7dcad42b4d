import { OTHER_CLIENT_COMMANDS } from "@bodycam/protocol/smp/ble";
import { osEcho } from "@bodycam/protocol/smp/os";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { expect, it } from "vitest";
import { refusal } from "./refusal.ts";

it("a camera that another client commands is said to be free after 10 s, with how to find that client", () => {
	const { hint } = refusal(osEcho, {
		group: undefined,
		code: ReturnCode.busy,
		reason: OTHER_CLIENT_COMMANDS,
	});
	expect(hint).toContain("10 s after the other client's last request");
	expect(hint).toContain("`ps ax | grep bodycam`");
});

it("a camera that is busy for another reason is said to be free in a moment", () => {
	expect(refusal(osEcho, { group: undefined, code: ReturnCode.busy, reason: undefined }).hint).toBe(
		"Try again in a moment.",
	);
});
