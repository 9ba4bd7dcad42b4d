import type { Command } from "@bodycam/protocol/smp/command";
import { OsError, osBootloader, osDatetimeRead, osDatetimeWrite } from "@bodycam/protocol/smp/os";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { OPEN_SESSION } from "@bodycam/protocol/smp/role";
import { SmpServer } from "@bodycam/protocol/smp/server";
import { expect, it } from "vitest";
import { BUFFER_BYTES, BUFFER_COUNT } from "./limits.ts";
import { registerOsHandlers } from "./os-handlers.ts";

function camera() {
	let time: number | undefined;
	const server = new SmpServer({ bufferSize: BUFFER_BYTES, bufferCount: BUFFER_COUNT });
	registerOsHandlers(server, {
		clock: {
			get time() {
				return time;
			},
			set(ms) {
				time = ms;
			},
		},
		info: { s: "s", n: "n", r: "r", v: "v", b: "b", m: "m", p: "p", i: "i", o: "o" },
		restart: () => true,
	});
	return (command: Command, request: Record<string, unknown>) => {
		let answer = new Uint8Array();
		server.handle(encodeRequest(command, request, 1), OPEN_SESSION, (packet) => {
			answer = packet.slice();
		});
		return decodeResponse(command, answer);
	};
}

it.each(["1969-07-20T20:17:00", "1999-12-31T23:59:59.999", "2100-01-01T00:00:00", "9999-12-31T23:59:59"])(
	"the clock is not set to %s, and the reason is given",
	(datetime) => {
		const ask = camera();
		expect(ask(osDatetimeWrite, { datetime })).toMatchObject({
			ok: false,
			error: { code: ReturnCode.invalid, reason: "the clock takes times from 2000-01-01 to 2099-12-31" },
		});
		expect(ask(osDatetimeRead, {}).ok).toBe(false);
	},
);

it.each(["2000-01-01T00:00:00.000", "2099-12-31T23:59:59.999"])("the clock is set to %s", (datetime) => {
	const ask = camera();
	expect(ask(osDatetimeWrite, { datetime }).ok).toBe(true);
	expect(ask(osDatetimeRead, {})).toMatchObject({ response: { datetime } });
});

it("tells by whose rules images are started, and how, and nothing else of that", () => {
	const ask = camera();
	expect(ask(osBootloader, {})).toEqual({ ok: true, response: { bootloader: "MCUboot" } });
	expect(ask(osBootloader, { query: "mode" })).toEqual({ ok: true, response: { mode: 5 } });
	expect(ask(osBootloader, { query: "zz" })).toMatchObject({
		ok: false,
		error: { code: OsError.noAnswer.code },
	});
});
