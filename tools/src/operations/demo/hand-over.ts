import { mkdir, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseIdentity } from "@bodycam/protocol/age/keys";
import { dailyIdentityText } from "@bodycam/simulator/agency/agency-files";
import type { ThrowawayAgency } from "@bodycam/simulator/agency/throwaway-agency";
import type { SmpClient } from "../../client/smp-client.ts";
import { BodycamError, VerificationError } from "../../errors.ts";
import { evidenceFiles } from "../../evidence/evidence-pair.ts";
import { decryptEvidence } from "../evidence/decrypt.ts";
import { type PullEvidenceEvent, pullEvidence } from "../pull-evidence.ts";
import { type DemoReport, demoReport, type EngineFigures } from "./report.ts";

/** What a demonstration leaves in its directory. */
export const DEMO_FILES = {
	/** The recording as it left the camera. */
	age: "recording.mp4.age",
	/** What the camera has signed. */
	record: "recording.custody.cbor",
	/** The recording, decrypted. */
	recording: "recording.mp4",
	/** What decrypts it; it protects nothing. */
	identity: "demo-identity.txt",
	/** What is known about it. */
	report: "recording.json",
} as const;

/** What handing over yields. */
export type HandOverEvent =
	/** The recording comes over the serial port. */
	| { readonly type: "pull"; readonly event: PullEvidenceEvent }
	/** The files are there. */
	| {
			readonly type: "done";
			readonly report: DemoReport;
			/** Their paths. */
			readonly files: Readonly<Record<keyof typeof DEMO_FILES, string>>;
	  };

/** What is handed over. */
export interface HandOverOptions {
	/** Number of the recording. */
	readonly number: number;
	/** The agency the camera belongs to. */
	readonly agency: ThrowawayAgency;
	/** What the run was. */
	readonly figures: Omit<EngineFigures, "name"> & {
		readonly seed: number | undefined;
		readonly startsBecause: string;
	};
	/** Directory for the files. */
	readonly out: string;
	readonly signal: AbortSignal;
}

/**
 * Pulls a recording, verifies it against the agency and decrypts it. Files of an earlier run stay until all new ones are
 * whole.
 * @throws {VerificationError} when the recording is not what the camera has signed
 */
export async function* handOver(
	client: SmpClient,
	{ number, agency, figures, out, signal }: HandOverOptions,
): AsyncGenerator<HandOverEvent, void, undefined> {
	const arriving = join(out, `.arriving-${process.pid}`);
	try {
		await mkdir(arriving, { mode: 0o700 });
		const pair = evidenceFiles(join(arriving, "recording"));
		let report: DemoReport | undefined;
		const { anchor } = agency;
		for await (const event of pullEvidence(client, { number, base: pair.base, anchor, signal })) {
			yield { type: "pull", event };
			if (event.type !== "done") continue;
			if (event.report.verdict !== "complete") throw notComplete(event.report);
			report = demoReport(event.metadata, { ...figures, sha256: event.sha256, anchor });
		}
		if (report === undefined) throw new BodycamError("the recording did not arrive");
		await decrypt(join(arriving, DEMO_FILES.recording), agency, pair.base, signal);
		await writeFile(join(arriving, DEMO_FILES.identity), dailyIdentityText(agency), { mode: 0o600 });
		await writeFile(join(arriving, DEMO_FILES.report), `${JSON.stringify(report, undefined, "\t")}\n`);
		const files = pathsIn(out);
		for (const [name, path] of Object.entries(files))
			await rename(join(arriving, DEMO_FILES[name as keyof typeof DEMO_FILES]), path);
		yield { type: "done", report, files };
	} finally {
		await rm(arriving, { recursive: true, force: true });
	}
}

async function decrypt(
	file: string,
	{ anchor, identities }: ThrowawayAgency,
	base: string,
	signal: AbortSignal,
): Promise<void> {
	const handle = await open(file, "wx");
	try {
		const sink = {
			append: async (pieces: readonly Uint8Array[]) => {
				for (const piece of pieces) await handle.writeFile(piece);
			},
		};
		const keys = [parseIdentity(identities.daily)];
		for await (const event of decryptEvidence(evidenceFiles(base), {
			identities: keys,
			anchor,
			sink,
			signal,
		}))
			if (event.type === "decrypted" && event.broken) throw notComplete(event.report);
	} finally {
		await handle.close();
	}
}

function pathsIn(out: string): Record<keyof typeof DEMO_FILES, string> {
	const { age, record, recording, identity, report } = DEMO_FILES;
	return {
		age: join(out, age),
		record: join(out, record),
		recording: join(out, recording),
		identity: join(out, identity),
		report: join(out, report),
	};
}

function notComplete(
	report:
		| { readonly verdict: string; readonly findings: readonly { readonly message: string }[] }
		| undefined,
): VerificationError {
	const why = report?.findings[0]?.message ?? "it cannot be decrypted";
	return new VerificationError(`the recording is ${report?.verdict ?? "broken"}: ${why}`);
}
