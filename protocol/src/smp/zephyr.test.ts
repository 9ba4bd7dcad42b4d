import { expect, test } from "vitest";
import { decodeCbor } from "../cbor/codec.ts";
import { fromHex, toHex } from "../testing/hex.ts";
import { HEADER_BYTES } from "./header.ts";
import { osEcho, osInfo, osParameters } from "./os.ts";
import { formatInfo } from "./os-answers.ts";
import { OPEN_SESSION } from "./role.ts";
import { SmpServer } from "./server.ts";

/**
 * Requests and the answers of a Zephyr 4.4 server (smp_svr sample on native_sim, UDP), recorded on the wire. Zephyr
 * sends maps of indefinite length, this server definite ones: headers are compared but for the length, payloads as
 * data.
 */
const RECORDED: readonly (readonly [what: string, request: string, answer: string])[] = [
	["echo v1 write", "0200000900000100a161646568656c6c6f", "0300000a00000100bf61726568656c6c6fff"],
	["echo v1 read", "0000000900000200a161646568656c6c6f", "0100000a00000200bf61726568656c6c6fff"],
	["echo missing d v1", "0200000100000300a0", "0300000500000300bf617260ff"],
	["echo wrong type v1", "0200000400000400a1616405", "0300000600000400bf62726303ff"],
	["echo extra key v1", "0200000900000500a261646178627a7a01", "0300000600000500bf61726178ff"],
	["unknown group v1", "0000000100410600a0", "0100000600410600bf62726308ff"],
	["unknown command v1", "0000000100000763a0", "0100000600000763bf62726308ff"],
	["wrong operation v1", "0200000100000906a0", "0300000600000906bf62726308ff"],
	[
		"parameters v1",
		"0000000100000906a0",
		"0100001900000906bf686275665f73697a65190800696275665f636f756e7402ff",
	],
	["info without format v1", "0000000100000f07a0", "0100001000000f07bf666f7574707574665a6570687972ff"],
	[
		"info a v1",
		"0000000a00001007a166666f726d61746161",
		"0100006800001007bf666f7574707574785d5a657068797220756e6b6e6f776e2036383463396538663332653420342e342e3020576564204a756e2020332032323a31393a3337203230323620706f73697820783836206e61746976655f73696d2f6e6174697665205a6570687972ff",
	],
	["info bad format v1", "0000000a00001107a166666f726d6174615a", "0100000600001107bf62726303ff"],
	["echo v2 write", "0a00000900003900a161646568656c6c6f", "0b00000a00003900bf61726568656c6c6fff"],
	["echo v2 read", "0800000900003a00a161646568656c6c6f", "0900000a00003a00bf61726568656c6c6fff"],
	["echo wrong type v2", "0a00000400003c00a1616405", "0b00000600003c00bf62726303ff"],
	["unknown group v2", "0800000100413e00a0", "0900000600413e00bf62726308ff"],
	[
		"info bad format v2",
		"0800000a00004907a166666f726d6174615a",
		"0900001300004907bf63657272bf6567726f75700062726302ffff",
	],
	["version 2", "1200000500007100a161646178", "0b00000600007100bf6272630dff"],
	["version 3", "1a00000500007200a161646178", "0b00000600007200bf6272630dff"],
	["operation 4", "0c00000500007300a161646178", "0b00000600007300bf62726308ff"],
	["a response as request", "0900000500007400a161646178", "0b00000600007400bf62726308ff"],
	["length 0", "0800000000007506", "0900001900007506bf686275665f73697a65190800696275665f636f756e7402ff"],
	["garbage CBOR", "0a00000300007600ffffff", "0b00000600007600bf62726303ff"],
	["array for a map", "0a000002000077008101", "0b00000600007700bf62726303ff"],
	["truncated CBOR", "0a00000700007800a161646568656c", "0b00000600007800bf62726303ff"],
	["header length too long", "0a00000900000700a161646178", "0b00000600000700bf62726309ff"],
	["header length too short", "0a00000400000700a161646178", "0b00000600000700bf61726178ff"],
	["flags 0xff", "0aff000500000900a161646178", "0b00000600000900bf61726178ff"],
	["indefinite map", "0a00000600007c00bf61646178ff", "0b00000600007c00bf61726178ff"],
];

const server = new SmpServer({ bufferSize: 2048, bufferCount: 2 });
server.register(osEcho, ({ d }) => ({ r: d ?? "" }));
server.register(osParameters, () => ({ buf_size: 2048, buf_count: 2 }));
server.register(osInfo, ({ format }) => ({
	output: formatInfo(format, {
		s: "Zephyr",
		n: "unknown",
		r: "684c9e8f32e4",
		v: "4.4.0",
		b: "Wed Jun  3 22:19:37 2026",
		m: "posix",
		p: "x86",
		i: "native_sim/native",
		o: "Zephyr",
	}),
}));

function answer(request: Uint8Array): Uint8Array {
	let response = new Uint8Array();
	server.handle(request, OPEN_SESSION, (packet) => {
		response = packet.slice();
	});
	return response;
}

/** A header without its length field. */
function essence(packet: Uint8Array): string {
	return `${toHex(packet.subarray(0, 2))} ${toHex(packet.subarray(4, HEADER_BYTES))}`;
}

test.each(RECORDED)("%s is answered as Zephyr does", (_, request, recorded) => {
	const ours = answer(fromHex(request));
	const theirs = fromHex(recorded);
	expect(essence(ours)).toBe(essence(theirs));
	expect(decodeCbor(ours.subarray(HEADER_BYTES))).toEqual(decodeCbor(theirs.subarray(HEADER_BYTES)));
});

test("a request larger than the buffer is answered corrupt, as Zephyr does on UDP", () => {
	const request = new Uint8Array(2514);
	request.set(fromHex("0a0009ca00008000a161647909c4"));
	expect(decodeCbor(answer(request).subarray(HEADER_BYTES))).toEqual({ rc: 9 });
});
