import {
	chmodSync,
	existsSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { issueProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { toTextForm } from "@bodycam/protocol/policy/text-form";
import { testEvidence } from "@bodycam/protocol/testing/policy-evidence";
import { afterEach, beforeEach, expect, test } from "vitest";
import { EditRefusedError, editPolicyFile } from "./edit-policy.ts";

let directory: string;
let file: string;

const issued = issueProfile(demo, {
	agency: "A",
	version: 1,
	notBefore: 0,
	expires: 4_000_000_000_000,
	evidence: testEvidence,
});
const GOOD = `${JSON.stringify(toTextForm(issued), undefined, "\t")}\n`;
const BETTER = GOOD.replace('"version": 1', '"version": 2');
const COVERT = GOOD.replace('"covert": false', '"covert": true');

beforeEach(() => {
	directory = mkdtempSync(join(tmpdir(), "bodycam-edit-test-"));
	file = join(directory, "ours.json");
	writeFileSync(file, GOOD);
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** A person who writes these texts one after the other. */
function writing(...texts: string[]) {
	const told: string[] = [];
	return {
		told,
		copy: "",
		async edit(path: string) {
			this.copy = path;
			const text = texts.shift();
			if (text !== undefined) writeFileSync(path, text);
		},
		async again(problem: Error) {
			told.push(problem.message);
			return texts.length > 0;
		},
	};
}

test("a good text replaces the file, with its permissions and where a link leads, and leaves nothing behind", async () => {
	chmodSync(file, 0o640);
	const link = join(directory, "link.json");
	symlinkSync(file, link);
	const person = writing(BETTER);
	const { policy, changed, versionBefore } = await editPolicyFile(link, person);
	expect({ version: policy.version, changed, versionBefore }).toEqual({
		version: 2,
		changed: true,
		versionBefore: 1,
	});
	expect(readFileSync(file, "utf8")).toBe(BETTER);
	expect(statSync(file).mode & 0o777).toBe(0o640);
	expect(existsSync(person.copy)).toBe(false);
});

test("a text that is no good leaves the file as it was, names the field and keeps what was written", async () => {
	const person = writing(COVERT);
	const error = await editPolicyFile(file, person).catch((failure: unknown) => failure);
	expect(error).toBeInstanceOf(EditRefusedError);
	expect(String(error)).toContain("covert is true: there is no covert recording");
	expect(readFileSync(file, "utf8")).toBe(GOOD);
	expect(readFileSync(person.copy, "utf8")).toBe(COVERT);
	expect((error as EditRefusedError).hint).toContain(person.copy);
	rmSync(join(person.copy, ".."), { recursive: true });
});

test("it can be edited again until it is good", async () => {
	const person = writing("{", COVERT, BETTER);
	expect((await editPolicyFile(file, person)).changed).toBe(true);
	expect(person.told).toHaveLength(2);
	expect(person.told[0]).toContain("neither JSON nor a signed policy");
	expect(person.told[1]).toContain("covert");
});

test("a text that was no good before can be edited", async () => {
	writeFileSync(file, COVERT);
	expect(await editPolicyFile(file, writing(GOOD))).toMatchObject({
		changed: true,
		versionBefore: undefined,
	});
});

test("nothing changed is no mistake", async () => {
	expect((await editPolicyFile(file, writing())).changed).toBe(false);
});

test("what somebody else has written meanwhile is not overwritten", async () => {
	const person = writing(BETTER);
	const edit = async (path: string) => {
		await person.edit(path);
		writeFileSync(file, `${GOOD}\n`);
	};
	await expect(editPolicyFile(file, { ...person, edit })).rejects.toThrow("somebody else");
	expect(readFileSync(file, "utf8")).toBe(`${GOOD}\n`);
	rmSync(join(person.copy, ".."), { recursive: true });
});

test("an editor that fails changes nothing", async () => {
	const edit = () => Promise.reject(new Error("crashed"));
	await expect(editPolicyFile(file, { ...writing(), edit })).rejects.toThrow("crashed");
	expect(readFileSync(file, "utf8")).toBe(GOOD);
});
