import { killInRecording } from "@bodycam/simulator/testing/emulator-kills";
import { mcuMissing } from "@bodycam/simulator/testing/engines";

/** Kills unless told otherwise. */
const CUTS = 500;

/** Kills the emulator of the Cortex-M55 image in the middle of so many recordings, by seeds from the given one on. */
export async function campaignPowerCutMcu(seed: number, cuts = CUTS): Promise<boolean> {
	if (mcuMissing() !== "") {
		console.log(`not run: ${mcuMissing()}`);
		return true;
	}
	let lost = 0;
	let torn = 0;
	let failed = 0;
	for (let cut = 0; cut < cuts; cut++) {
		try {
			const kill = await killInRecording(seed + cut);
			lost = Math.max(lost, kill.lostMs);
			if (kill.state === "interrupted") torn += 1;
		} catch (error) {
			failed += 1;
			console.error(error instanceof Error ? error.message : error);
		}
		if ((cut + 1) % 50 === 0) console.log(`${cut + 1} of ${cuts}, at most ${lost.toFixed(0)} ms lost`);
	}
	const played = `${cuts - failed} of ${cuts} recordings play, ${torn} of them interrupted`;
	console.log(`${played}, at most ${lost.toFixed(0)} ms lost`);
	return failed === 0;
}
