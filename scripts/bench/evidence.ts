import { spawnSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { testIdentities } from "@bodycam/protocol/testing/age-builder";
import { testKeys } from "@bodycam/protocol/testing/custody-builder";
import type { EvidencePair } from "@bodycam/tools/evidence/evidence-pair";
import { PlaintextFile } from "@bodycam/tools/evidence/plaintext-file";
import { decryptEvidence, type PlaintextSink } from "@bodycam/tools/operations/evidence/decrypt";
import { verifyEvidence } from "@bodycam/tools/operations/evidence/verify";
import { writeLongEvidence } from "@bodycam/tools/testing/long-evidence";
import type { Row } from "./row.ts";

/** Seconds of 8 Mbit/s: 4 GiB; another number in BENCH_EVIDENCE_SECONDS. */
const SECONDS = Number(process.env.BENCH_EVIDENCE_SECONDS ?? 4096);

const RUNS = 3;

const NOWHERE: PlaintextSink = { append: () => Promise.resolve() };

/** A long recording verified and decrypted, against what OpenSSL's own benchmark does in the same run. */
export async function benchEvidence(): Promise<Row[]> {
	const folder = await mkdtemp(join(tmpdir(), "bodycam-bench-"));
	try {
		const files = await writeLongEvidence(folder, SECONDS);
		const { size } = await stat(files.age);
		const best: Record<Measured, number> = { cipher: 0, hash: 0, verify: 0, decrypt: 0, file: 0 };
		let memory = 0;
		// By turns, and the best of each: what else the machine does must not decide.
		for (let run = 0; run < RUNS; run++) {
			best.cipher = Math.max(best.cipher, opensslSpeed("chacha20-poly1305"));
			best.hash = Math.max(best.hash, opensslSpeed("sha256"));
			const watch = watchMemory();
			best.verify = Math.max(best.verify, await rate(size, () => verify(files)));
			best.decrypt = Math.max(best.decrypt, await rate(size, () => decrypt(files, NOWHERE)));
			memory = Math.max(memory, watch.end());
			best.file = Math.max(
				best.file,
				await rate(size, () => decryptToFile(files, join(folder, "plain.mp4"))),
			);
		}
		return rows(best, memory);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

type Measured = "cipher" | "hash" | "verify" | "decrypt" | "file";

function rows(
	{ cipher, hash, verify, decrypt, file }: Readonly<Record<Measured, number>>,
	memory: number,
): Row[] {
	const both = 1 / (1 / cipher + 1 / hash);
	const percent = (value: number, of: number) => `${((100 * value) / of).toFixed(0)} %`;
	const timed = { unit: "MB/s", kind: "timed" } as const;
	const reach = "to reach: 60 %";
	const length = `${(SECONDS / 1024).toLocaleString("en")} GiB`;
	return [
		{
			what: `evidence verify, ${length}`,
			value: verify,
			...timed,
			note: `${percent(verify, hash)} of the ${hash.toFixed(0)} MB/s of openssl speed sha256; ${reach}`,
		},
		{
			what: `evidence decrypt and verify, ${length}`,
			value: decrypt,
			...timed,
			note: `${percent(decrypt, both)} of the ${both.toFixed(0)} MB/s that openssl speed chacha20-poly1305 (${cipher.toFixed(0)} MB/s) and sha256 give one after the other; ${reach}`,
		},
		{ what: "the same into a file", value: file, ...timed, note: "what the disk takes, synced, included" },
		{
			what: `memory of both, ${length}`,
			value: memory / 1e6,
			unit: "MB",
			kind: "timed",
			note: "most resident beyond what it was before",
		},
	];
}

/** MB a second of OpenSSL's own benchmark in blocks of 64 KiB. */
function opensslSpeed(algorithm: string): number {
	const args = ["speed", "-mr", "-elapsed", "-seconds", "2", "-bytes", "65536", "-evp", algorithm];
	const { stdout, error } = spawnSync("openssl", args, { encoding: "utf8" });
	const perSecond = Number(/^\+F:\d+:[^:]+:([\d.]+)$/m.exec(stdout ?? "")?.[1]);
	if (!(perSecond > 0))
		throw new Error(`openssl speed ${algorithm} tells nothing: ${error?.message ?? stdout}`);
	return perSecond / 1e6;
}

async function rate(bytes: number, work: () => Promise<unknown>): Promise<number> {
	const start = performance.now();
	await work();
	return bytes / 1000 / (performance.now() - start);
}

async function verify(files: EvidencePair): Promise<void> {
	for await (const event of verifyEvidence([files], { anchor: testKeys.root.publicKey }))
		if (event.type === "recording" && event.report.verdict !== "complete")
			throw new Error(`it is ${event.report.verdict}`);
}

async function decrypt(files: EvidencePair, sink: PlaintextSink): Promise<number> {
	const options = { identities: [testIdentities[0]], anchor: testKeys.root.publicKey, sink };
	for await (const event of decryptEvidence(files, options))
		if (event.type === "decrypted") {
			if (event.report?.verdict !== "complete") throw new Error(`it is ${event.report?.verdict}`);
			return event.bytes;
		}
	throw new Error("decrypting has no result");
}

async function decryptToFile(files: EvidencePair, path: string): Promise<void> {
	const file = await PlaintextFile.create(path);
	await file.finish(path, await decrypt(files, file));
	await rm(path);
}

/** Watches how much memory the process takes beyond what it takes now, bytes. */
function watchMemory(): { end(): number } {
	const before = process.memoryUsage.rss();
	let most = before;
	const timer = setInterval(() => {
		most = Math.max(most, process.memoryUsage.rss());
	}, 20);
	return {
		end() {
			clearInterval(timer);
			return Math.max(most, process.memoryUsage.rss()) - before;
		},
	};
}
