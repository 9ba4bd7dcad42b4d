import { projectFirmware } from "@bodycam/simulator/simulator/firmware";
import { measureUpload } from "@bodycam/tools/testing/upload-rate";
import type { LineFraming } from "@bodycam/tools/transport/line-framing";
import type { Row } from "./row.ts";

const BAUDS = [115_200, 921_600] as const;
/** The framings by the names they have in the docs. */
const FRAMINGS: readonly (readonly [name: string, framing: LineFraming])[] = [
	["console", "console"],
	["binary", "raw"],
];
const WINDOWS = [1, 2, 4, 8] as const;

/** The project's firmware image uploaded over lines of a speed, in virtual time, against what those lines can carry. */
export async function benchUpload(): Promise<Row[]> {
	const firmware = await projectFirmware();
	const rows: Row[] = [];
	for (const baud of BAUDS)
		for (const [name, framing] of FRAMINGS)
			for (const window of WINDOWS) {
				const { rate, limit } = await measureUpload(firmware, { baud, framing, window });
				rows.push({
					what: `image upload, ${baud.toLocaleString("en")} baud, ${name} framing, window ${window}`,
					value: rate / 1000,
					unit: "kB/s",
					kind: "exact",
					note: `${((100 * rate) / limit).toFixed(1)} % of the ${(limit / 1000).toFixed(1)} kB/s of image the line carries in this framing; to reach: 95`,
				});
			}
	return rows;
}
