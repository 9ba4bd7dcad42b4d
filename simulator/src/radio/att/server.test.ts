import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GattDatabase } from "./database.ts";
import { AttServer } from "./server.ts";

const SERVICE = "8d53dc1d-1db7-4cd3-868b-8a527460aa84";
const CHARACTERISTIC = "da2e7828-fbce-4e01-ae9e-261174997c48";

function serving(options: { encrypted?: boolean; mtu?: number } = {}) {
	const database = new GattDatabase([
		{
			uuid: "1800",
			characteristics: [{ uuid: "2a00", read: () => Buffer.from("A name longer than it fits") }],
		},
		{
			uuid: SERVICE,
			characteristics: [
				{
					uuid: CHARACTERISTIC,
					writeWithoutResponse: true,
					notify: true,
					...(options.encrypted === undefined ? {} : { encrypted: true }),
				},
			],
		},
	]);
	const log: string[] = [];
	const sent: string[] = [];
	const server = new AttServer(
		database,
		{
			send: (pdu) => sent.push(Buffer.from(pdu).toString("hex")),
			encrypted: options.encrypted ?? false,
			mtu: (octets) => log.push(`mtu ${octets}`),
			written: (handle, value) => log.push(`written ${handle} ${Buffer.from(value).toString("hex")}`),
			subscribed: (handle, on) => log.push(`subscribed ${handle} ${on}`),
		},
		options.mtu ?? 498,
	);
	const ask = (hex: string) => {
		server.receive(Buffer.from(hex, "hex"));
		return sent.at(-1);
	};
	return { server, database, log, sent, ask };
}

describe("AttServer", () => {
	it("lists services, short and long UUIDs in answers of their own", () => {
		const { ask } = serving();
		expect(ask("100100ffff0028")).toBe("1106010003000018");
		expect(ask("100400ffff0028")).toBe("111404000700" + "84aa6074528a8b86d34cb71d1ddc538d");
		expect(ask("100800ffff0028")).toBe("011008000a");
	});

	it("lists characteristics with their properties and value handles", () => {
		const { ask } = serving();
		expect(ask("080400ffff0328")).toBe("09150500140600487c997411269eae014ecefb28782eda");
	});

	it("finds the subscription's handle and tells of it once", () => {
		const { ask, log, server } = serving();
		expect(ask("0407000700")).toBe("050107000229");
		expect(server.notify(6, Uint8Array.of(1))).toBe(false);
		expect(ask("1207000100")).toBe("13");
		ask("1207000100");
		expect(log).toEqual(["subscribed 6 true"]);
		expect(server.notify(6, Uint8Array.of(1))).toBe(true);
	});

	it("agrees on the smaller MTU and keeps values within it", () => {
		const { ask, log, server } = serving({ mtu: 100 });
		expect(ask("02f201")).toBe("036400");
		expect(log).toEqual(["mtu 100"]);
		ask("1207000100");
		expect(server.notify(6, new Uint8Array(98))).toBe(false);
		expect(server.notify(6, new Uint8Array(97))).toBe(true);
	});

	it("gives a long value in pieces", () => {
		const { ask } = serving();
		expect(Buffer.from((ask("0a0300") ?? "").slice(2), "hex").toString()).toBe("A name longer than it ");
		expect(Buffer.from((ask("0c03001600") ?? "").slice(2), "hex").toString()).toBe("fits");
		expect(ask("0c0300ff00")).toBe("010c030007");
	});

	it("takes a write without a response in silence, whatever is wrong with it", () => {
		const { server, log, sent } = serving();
		server.receive(Buffer.from("520600aabb", "hex"));
		server.receive(Buffer.from("520300aabb", "hex"));
		server.receive(Buffer.from("5206", "hex"));
		expect(log).toEqual(["written 6 aabb"]);
		expect(sent).toEqual([]);
	});

	it("refuses what is short, unknown, not permitted or not encrypted by its own code", () => {
		const { ask } = serving({ encrypted: false });
		expect(ask("0a01")).toBe("010a000004");
		expect(ask("0aff00")).toBe("010aff0001");
		expect(ask("0a0600")).toBe("010a06000f");
		expect(ask("16060000000000")).toBe("0116000006");
		expect(ask("120300aa")).toBe("0112030003");
		expect(ask("080000ffff0328")).toBe("0108000001");
	});

	it("survives any PDU and answers a request with exactly one PDU within the MTU", () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (pdus) => {
				const { server, sent } = serving();
				for (const pdu of pdus) {
					const before = sent.length;
					server.receive(pdu);
					expect(sent.length - before).toBeLessThanOrEqual(1);
					expect((sent.at(-1) ?? "").length / 2).toBeLessThanOrEqual(Math.max(23, server.mtu));
				}
			}),
			{ numRuns: 300 },
		);
	});
});
