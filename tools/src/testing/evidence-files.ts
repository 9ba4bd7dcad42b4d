import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { concatenate } from "@bodycam/protocol/cose/head";
import type { CustodyEntryOf } from "@bodycam/protocol/custody/entry";

import {
	type BuiltRecord,
	buildRecord,
	TEST_AGE,
	wholeRecording,
} from "@bodycam/protocol/testing/custody-builder";
import { type EvidencePair, evidenceFiles } from "../evidence/evidence-pair.ts";

/** Writes the two files of a recording. */
export function writeEvidence(
	directory: string,
	name: string,
	record: BuiltRecord | Uint8Array,
	age: Uint8Array = TEST_AGE,
): EvidencePair {
	const files = evidenceFiles(join(directory, name));
	writeFileSync(files.record, "items" in record ? concatenate(...record.items) : record);
	writeFileSync(files.age, age);
	return files;
}

/** Records of recordings 1, 2, … of one camera, each after the one before; all of the same age file. */
export function buildSeries(
	count: number,
	changes: Partial<CustodyEntryOf<"header">> = {},
): readonly BuiltRecord[] {
	const series: BuiltRecord[] = [];
	for (let recording = 1; recording <= count; recording++) {
		const before = series.at(-1)?.hash;
		series.push(
			buildRecord(wholeRecording({ ...changes, recording }), before === undefined ? {} : { before }),
		);
	}
	return series;
}
