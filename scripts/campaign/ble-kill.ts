import { FlashKillBench } from "@bodycam/tools/cli/testing/flash-kills";
import { PullKillBench, type TransferKill } from "@bodycam/tools/cli/testing/transfer-kills";

/** Kills of each kind of transfer unless told otherwise. */
const KILLS = 100;

interface Bench {
	kill(seed: number): Promise<TransferKill>;
	close(): Promise<void>;
}

/** Kills one end of a pull, then of an upload, over Bluetooth at so many moments, by seeds from the given one on. */
export async function campaignBleKill(seed: number, kills = KILLS): Promise<boolean> {
	const pulled = await killAll("pull", await PullKillBench.open(), seed, kills);
	const flashed = await killAll("upload", await FlashKillBench.open(), seed, kills);
	return pulled && flashed;
}

async function killAll(what: string, bench: Bench, seed: number, kills: number): Promise<boolean> {
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
			if ((kill + 1) % 10 === 0) console.log(`${what} ${kill + 1} of ${kills}: ${JSON.stringify(count)}`);
		}
	} finally {
		await bench.close();
	}
	console.log(
		`${what}: ${kills - count.failed} of ${kills} are whole; the program was killed ${count.client} times, the camera lost its power ${count.camera} times; ${count.broken} transfers were broken off, ${count.resumed} went on where they stopped`,
	);
	return count.failed === 0;
}
