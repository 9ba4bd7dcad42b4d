import { KillBench } from "@bodycam/tools/cli/testing/transfer-kills";

/** Kills unless told otherwise. */
const KILLS = 100;

/** Kills one end of a pull over Bluetooth at so many moments, by seeds from the given one on. */
export async function campaignBleKill(seed: number, kills = KILLS): Promise<boolean> {
	const bench = await KillBench.open();
	const count = { client: 0, camera: 0, broken: 0, resumed: 0, failed: 0 };
	try {
		for (let kill = 0; kill < kills; kill++) {
			try {
				const { end, broken, resumed } = await bench.kill(seed + kill);
				count[end] += 1;
				if (broken) count.broken += 1;
				if (resumed) count.resumed += 1;
			} catch (error) {
				count.failed += 1;
				console.error(error instanceof Error ? error.message : error);
			}
			if ((kill + 1) % 10 === 0) console.log(`${kill + 1} of ${kills}: ${JSON.stringify(count)}`);
		}
	} finally {
		await bench.close();
	}
	console.log(
		`${kills - count.failed} of ${kills} recordings are whole; the program was killed ${count.client} times, the camera lost its power ${count.camera} times; ${count.broken} pulls were broken off, ${count.resumed} went on where they stopped`,
	);
	return count.failed === 0;
}
