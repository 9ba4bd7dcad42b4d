import { describe, expect, it } from "vitest";
import { killInRecording } from "../../testing/emulator-kills.ts";
import { mcuAvailable } from "../../testing/engines.ts";

const KILLS = 50;

describe.skipIf(!mcuAvailable())("an emulator that is killed in the middle of a record", () => {
	const title = `leaves a recording that plays after the next boot, at ${KILLS} moments of it`;
	it(title, { timeout: 900_000 }, async () => {
		const records = new Set<number>();
		for (let seed = 1; seed <= KILLS; seed++) records.add((await killInRecording(seed)).record);
		expect(records.size).toBeGreaterThan(KILLS / 2);
	});
});
