import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { PolicyStatus } from "@bodycam/protocol/camera/policy";
import type { Status } from "@bodycam/protocol/camera/status";
import { encodeCbor } from "@bodycam/protocol/cbor/codec";
import { POLICY_CONTENT_TYPE, type Policy } from "@bodycam/protocol/policy/document";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { toTextForm } from "@bodycam/protocol/policy/text-form";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";
import { type Signer, signDocument } from "@bodycam/protocol/trust/signed-document";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AgencyDirectory, createAgency, openAgency, openSigner } from "../agency/agency-directory.ts";
import { hostCrypto } from "../agency/host-crypto.ts";
import { TestBench } from "./testing/bench.ts";

const DAY_MS = 86_400_000;
const noPassphrase = () => Promise.reject(new Error("the keys of these tests need no passphrase"));

const bench = new TestBench();
let agency: AgencyDirectory;
let signer: Signer;
let stranger: Signer;

beforeAll(async () => {
	await bench.simulate("--name", "cam1", "--state", "cam1");
	await bench.ok("clock", "set", "-d", "sim:cam1");
	agency = openAgency(bench.path("cam1/agency"));
	signer = await openSigner(agency, "policy-signing", noPassphrase);
	const other = createAgency(bench.path("other"), { name: agency.name, now: Date.now() });
	stranger = await openSigner(other, "policy-signing", noPassphrase);
}, 60_000);

afterAll(() => bench.close());

function version(number: number, more: Partial<Policy> = {}): Policy {
	const now = Date.now();
	const validity = { notBefore: now - DAY_MS, expires: now + DAY_MS };
	const issue = { agency: agency.name, version: number, ...validity, evidence: testEvidence };
	return { ...issueProfile(demo, issue), ...more };
}

function fileWith(text: string): string {
	writeFileSync(bench.path("other.cose"), text);
	return "other.cose";
}

function textFile(policy: object, name = "policy.json"): string {
	writeFileSync(bench.path(name), JSON.stringify(toTextForm(policy as Policy)));
	return name;
}

/** Signed without the checks of `bodycam policy sign`, as a careless program would. */
function signedFile(content: unknown, by = signer, name = "policy.cose"): string {
	writeFileSync(bench.path(name), signDocument(POLICY_CONTENT_TYPE, encodeCbor(content), by, hostCrypto));
	return name;
}

function installedVersion(): Promise<number | undefined> {
	return bench.json<Status>("status", "-d", "sim:cam1").then(({ policy }) => policy.installed?.version);
}

describe("from a profile to a camera", () => {
	test("a policy is made, checked, compared, signed, verified, installed and shown", async () => {
		await bench.ok(
			"policy",
			"new",
			"--from",
			"de-bpol",
			"--agency",
			"cam1/agency",
			"--policy-version",
			"2",
			"--out",
			"ours.json",
		);
		expect(await bench.ok("policy", "check", "ours.json")).toContain("de-bpol version 2 is a good policy");
		expect(await bench.ok("policy", "diff", "de-bpol", "ours.json")).toBe("they are the same\n");
		await bench.ok("policy", "sign", "ours.json", "--agency", "cam1/agency");
		expect(await bench.ok("policy", "verify", "ours.cose", "--agency", "cam1/agency")).toContain(agency.name);
		const changes = await bench.ok("policy", "diff", "ours.cose", "-d", "sim:cam1");
		expect(changes).toMatch(/^tighter\s+preRecording\.maximumMs\s+120000\s+30000$/m);
		const status = await bench.json<PolicyStatus>("policy", "install", "ours.cose", "-d", "sim:cam1");
		expect(status).toMatchObject({ state: "in-force", installed: { name: "de-bpol", version: 2 } });
		const shown = await bench.ok("policy", "show", "-d", "sim:cam1");
		expect(shown).toContain("Federal Police (Bundespolizei) (de-bpol), version 2.");
		expect(await bench.ok("status", "-d", "sim:cam1")).toContain(`de-bpol version 2 of ${agency.name}`);
		const events = await bench.ok("events", "-d", "sim:cam1");
		expect(events).toMatch(/policy-installed\s+de-bpol version 2 in place of 1, in force now/);
	});

	test("the next version counts up and takes everything over", async () => {
		await bench.ok("policy", "new", "--from", "ours.json", "--out", "next.json");
		const next = JSON.parse(readFileSync(bench.path("next.json"), "utf8")) as Policy;
		expect(next).toMatchObject({ version: 3, issuer: { agency: agency.name }, name: "de-bpol" });
		const diff = await bench.json<{ field: string }[]>("policy", "diff", "ours.json", "next.json");
		expect(diff.map(({ field }) => field)).toEqual(["version"]);
	});

	test("another recipient is a change that shows which key came", async () => {
		const [recipient = ""] = testEvidence.recipients;
		const text = JSON.parse(readFileSync(bench.path("ours.json"), "utf8")) as Policy;
		const { recipients } = text.evidence;
		writeFileSync(
			bench.path("more.json"),
			JSON.stringify({ ...text, evidence: { ...text.evidence, recipients: [...recipients, recipient] } }),
		);
		const diff = await bench.ok("policy", "diff", "ours.json", "more.json");
		expect(diff).toMatch(new RegExp(`^changed\\s+evidence\\.recipients .*${recipient.slice(-8)}$`, "m"));
	});

	test("counsel that has not checked it is told of on standard error", async () => {
		const { stderr } = await bench.run("policy", "check", "ours.json");
		expect(stderr).toContain("have counsel check this");
	});

	test("a file is not overwritten by a new policy", async () => {
		const outcome = await bench.run("policy", "new", "--from", "ours.json", "--out", "ours.json");
		expect(outcome.code).toBe(1);
		expect(outcome.stderr).toContain("ours.json");
	});
});

test("the built-in profiles are listed, shown in sentences and as Markdown", async () => {
	const list = await bench.ok("policy", "list");
	for (const name of ["de-nw", "de-bpol", "de-bw", "de-he", "de-by", "demo"]) expect(list).toContain(name);
	expect(await bench.ok("policy", "show", "de-nw")).toContain(
		"Locked: no setting and no gesture turns it on.",
	);
	expect(await bench.ok("policy", "show", "de-nw", "--markdown")).toMatch(/^# North Rhine-Westphalia/);
});

describe("a text is refused by check and by sign, with exit code 1 and the field named:", () => {
	const nothing: Partial<Policy> = {};
	test.each([
		["a field that is missing", { ...nothing, retention: { class: "x" } }, "retention.days is missing"],
		["a wrong type", { covert: "no" }, "covert has to be true or false"],
		[
			"a value out of range",
			{ reserve: { lowBatteryMinutes: 0, lowCardMinutes: 5 } },
			"reserve.lowBatteryMinutes has to be",
		],
		[
			"locked off and always on",
			{ preRecording: { ...demo.preRecording, locked: true } },
			"preRecording.mode is always, although pre-recording is locked off",
		],
		["a form of the future", { format: 2 }, "format is 2, newer than the 1 that is known here"],
		["covert recording", { covert: true }, "covert is true: there is no covert recording"],
	])("%s", async (_what, change, problem) => {
		const file = textFile({ ...version(9), ...change });
		for (const args of [
			["check", file],
			["sign", file, "--agency", "cam1/agency"],
		]) {
			const { code, stderr, stdout } = await bench.run("policy", ...args);
			expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
			expect(stderr).toContain(problem);
			expect(stderr).not.toMatch(/^\s+at /m);
		}
	});

	test("an agency that is not the one that signs", async () => {
		const { code, stderr } = await bench.run(
			"policy",
			"sign",
			textFile(version(9, { issuer: { agency: "B" } })),
			"--agency",
			"cam1/agency",
		);
		expect(code).toBe(1);
		expect(stderr).toContain(`issuer.agency is B, but the agency that signs is ${agency.name}`);
	});
});

describe("a camera refuses, with exit code 4, and keeps what it has:", () => {
	const cases: readonly (readonly [string, () => string, string])[] = [
		["a policy that is not signed", () => unsignedFile(), "not signed"],
		["a signer that is not the agency", () => signedFile(version(9), stranger), "signed with another key"],
		["a bad signature", () => damagedFile(), "signature of the policy is not valid"],
		["another agency", () => signedFile(version(9, { issuer: { agency: "B" } })), "issuer.agency is B"],
		["an older version", () => signedFile(version(1)), "version is 1"],
		[
			"an expired one",
			() => signedFile(version(9, { expires: Date.now() - 1000 })),
			"expires is in the past",
		],
		[
			"one of the future",
			() => signedFile(version(9, { notBefore: Date.now() + 3_600_000 })),
			"notBefore is in the future",
		],
		["a form of the future", () => signedFile({ ...version(9), format: 2 }), "format is 2"],
		["a field that is missing", () => signedFile({ ...version(9), stop: undefined }), "stop is missing"],
		["a wrong type", () => signedFile({ ...version(9), covert: "no" }), "covert has to be"],
		[
			"a value out of range",
			() => signedFile({ ...version(9), gestures: { ...demo.gestures, holdMs: 1 } }),
			"gestures.holdMs has to be",
		],
		[
			"a field nobody knows",
			() => signedFile({ ...version(9), stealth: true }),
			"stealth is a field that is not known",
		],
		[
			"locked off and always on",
			() => signedFile(version(9, { preRecording: { ...demo.preRecording, locked: true } })),
			"preRecording.mode is always",
		],
		["a damaged document", () => cutFile(), "cannot be read"],
		[
			"another kind of document",
			() => otherKindOfFile(),
			"is of the type application/bodycam-assignment+cbor",
		],
		["more than it keeps", () => tooLargeFile(), "8192"],
	];
	test.each(cases)("%s", async (_what, make, problem) => {
		const before = await installedVersion();
		const { code, stderr } = await bench.run("policy", "install", make(), "-d", "sim:cam1");
		expect(stderr).toContain(problem);
		expect(stderr).toContain("the camera refused policy-install");
		expect(code).toBe(4);
		expect(await installedVersion()).toBe(before);
		expect(await bench.ok("events", "-d", "sim:cam1")).toMatch(/policy-refused\s+\S+: .+\n$/);
	});
});

describe("verify refuses, with exit code 6:", () => {
	const cases: readonly (readonly [string, () => string, string])[] = [
		["a policy that is not signed", () => textFile(version(9)), "unsigned"],
		["a signer that is not the agency", () => signedFile(version(9), stranger), "wrong-signer"],
		["a bad signature", () => damagedFile(), "bad-signature"],
		["an empty file", () => fileWith(""), "is empty"],
		["a file that is something else", () => fileWith("what is this"), "neither JSON nor a signed policy"],
		["an expired one", () => signedFile(version(9, { expires: Date.now() - 1000 })), "expired"],
		["a contradiction", () => signedFile(version(9, { covert: true })), "covert is true"],
	];
	test.each(cases)("%s", async (_what, make, problem) => {
		const { code, stderr } = await bench.run("policy", "verify", make(), "--agency", "cam1/agency");
		expect(stderr).toContain(problem);
		expect(code).toBe(6);
	});
});

describe("edit", () => {
	/** An editor that replaces a word everywhere. */
	const replacing = (from: string, to: string) => ({ VISUAL: "", EDITOR: `sed -i 's/${from}/${to}/'` });

	test("opens the text in the user's editor and keeps it when it is good", async () => {
		const file = textFile(version(9), "edited.json");
		const { code, stdout, stderr } = await bench.runWith(
			replacing('"lowCardMinutes":15', '"lowCardMinutes":20'),
			"policy",
			"edit",
			file,
		);
		expect(code, stderr).toBe(0);
		expect(stdout).toBe("edited.json: demo version 9 is a good policy\n");
		expect(stderr).toContain("version is still 9");
		expect(await bench.ok("policy", "diff", "demo", file)).toContain("reserve.lowCardMinutes");
	});

	test("refuses a text that is no good, with the field named, and keeps the old one", async () => {
		const file = textFile(version(9), "edited.json");
		const before = readFileSync(bench.path(file), "utf8");
		const covert = replacing('"covert":false', '"covert":true');
		const { code, stdout, stderr } = await bench.runWith(covert, "policy", "edit", file);
		expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
		expect(stderr).toContain("covert is true: there is no covert recording");
		expect(stderr).toContain("edited.json is as it was");
		expect(readFileSync(bench.path(file), "utf8")).toBe(before);
		const kept = /What was edited is in (\S+);/.exec(stderr)?.[1] ?? "";
		expect(readFileSync(kept, "utf8")).toContain('"covert":true');
		rmSync(dirname(kept), { recursive: true });
	});

	test.each([
		["a signed policy", () => signedFile(version(9)), { EDITOR: "true" }, 2, "is signed"],
		["a file that is not there", () => "nothing.json", { EDITOR: "true" }, 2, "there is no such file"],
		["without an editor", () => textFile(version(9)), { EDITOR: "" }, 2, "there is no editor"],
		["with an editor that fails", () => textFile(version(9)), { EDITOR: "false" }, 1, "ended with 1"],
	])("is refused: %s", async (_what, make, env, exit, problem) => {
		const { code, stderr } = await bench.runWith({ VISUAL: "", ...env }, "policy", "edit", make());
		expect(stderr).toContain(problem);
		expect(code).toBe(exit);
	});
});

test("what is not there, or is no agency, is a mistake of the caller", async () => {
	for (const args of [
		["show", "nothing.json"],
		["check", "nothing.json"],
		["sign", "ours.json", "--agency", "nowhere"],
		["verify", "ours.cose", "--agency", "nowhere"],
		["new", "--from", "de-nw"],
		["new", "--from", "de-xx", "--agency", "A"],
		["new", "--from", "de-nw", "--agency", "A"],
		["new", "--from", "de-nw", "--agency", "A", "--recipient", "AGE-SECRET-KEY-1"],
		["new", "--from", "de-nw", "--agency", "cam1/agency", "--archive", "00"],
		["install", "nothing.cose", "-d", "sim:cam1"],
		["diff", "de-nw", "de-by", "-d", "sim:cam1"],
	]) {
		const { code, stderr } = await bench.run("policy", ...args);
		expect(code, stderr).toBe(2);
	}
});

test("a camera without a policy says so, and has none to show", async () => {
	await bench.simulate("--name", "blank", "--factory");
	expect(await bench.ok("status", "-d", "sim:blank")).toContain("there is no policy: nothing is recorded");
	const { code, stderr } = await bench.run("policy", "show", "-d", "sim:blank");
	expect(code).toBe(4);
	expect(stderr).toContain("no policy");
	const refused = await bench.run("policy", "install", signedFile(version(9)), "-d", "sim:blank");
	expect(refused.code).toBe(4);
	expect(refused.stderr).toContain("belongs to no agency");
});

function unsignedFile(): string {
	writeFileSync(bench.path("unsigned.cbor"), encodeCbor(version(9)));
	return "unsigned.cbor";
}

function damagedFile(): string {
	const name = signedFile(version(9), signer, "damaged.cose");
	const bytes = readFileSync(bench.path(name));
	bytes[bytes.length - 5] = (bytes[bytes.length - 5] ?? 0) ^ 1;
	writeFileSync(bench.path(name), bytes);
	return name;
}

function cutFile(): string {
	const name = signedFile(version(9), signer, "cut.cose");
	writeFileSync(bench.path(name), readFileSync(bench.path(name)).subarray(0, -7));
	return name;
}

function otherKindOfFile(): string {
	const signed = signDocument(
		"application/bodycam-assignment+cbor",
		encodeCbor(version(9)),
		signer,
		hostCrypto,
	);
	writeFileSync(bench.path("other.cose"), signed);
	return "other.cose";
}

function tooLargeFile(): string {
	const sources = Array.from({ length: 60 }, () => "s".repeat(200));
	return signedFile({ ...version(9), sources });
}
