import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { AgePayload } from "../../evidence/age-payload.ts";
import { byteRange } from "../../evidence/byte-range.ts";

/** A recording that players of this computer can read. */
export interface ServedRecording {
	/** Where: an address nobody can guess, on the loopback interface. */
	readonly url: string;
	/** Ends it; what is being read is cut off. */
	close(): Promise<void>;
}

/** What of a recording is served. */
export interface ServedPlaintext {
	/** Decrypts it, chunk by chunk as it is read. */
	readonly payload: AgePayload;
	/** How much of it, bytes from its start. */
	readonly bytes: number;
	/** The last part of the address: players show it. */
	readonly name: string;
}

/**
 * Serves a recording to players on this computer, decrypting what they ask for: they can jump, and nothing decrypted is
 * ever written to a disk. Whoever knows the address can read it, so it has 128 random bits.
 */
export async function serveRecording(served: ServedPlaintext): Promise<ServedRecording> {
	const path = `/${randomBytes(16).toString("hex")}/${encodeURIComponent(served.name)}`;
	const server = createServer((request, response) => {
		void answer(request, response, path, served).catch(() => response.destroy());
	});
	server.listen({ host: "127.0.0.1", port: 0 });
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://127.0.0.1:${port}${path}`,
		async close() {
			server.close();
			server.closeAllConnections();
			if (server.listening) await once(server, "close");
		},
	};
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	path: string,
	{ payload, bytes }: ServedPlaintext,
): Promise<void> {
	const { method, url, headers } = request;
	if (url !== path) return void response.writeHead(404).end();
	if (method !== "GET" && method !== "HEAD")
		return void response.writeHead(405, { Allow: "GET, HEAD" }).end();
	const range = byteRange(headers.range, bytes);
	if (range === "unsatisfiable")
		return void response.writeHead(416, { "Content-Range": `bytes */${bytes}` }).end();
	const { from, to } = range ?? { from: 0, to: bytes };
	response.writeHead(range === undefined ? 200 : 206, {
		"Accept-Ranges": "bytes",
		"Cache-Control": "no-store",
		"Content-Length": to - from,
		"Content-Type": "video/mp4",
		...(range === undefined ? {} : { "Content-Range": `bytes ${from}-${to - 1}/${bytes}` }),
	});
	if (method === "HEAD") return void response.end();
	const stop = new AbortController();
	response.on("close", () => stop.abort());
	for await (const block of payload.stream({ from, to, signal: stop.signal }))
		for (const piece of block.pieces)
			if (!response.write(piece)) await once(response, "drain", { signal: stop.signal });
	response.end();
}
