import { expect } from "vitest";
import { benchTest } from "./testing/bench-test.ts";

const LIMIT_MS = 120_000;

/** An HCI port that is no more. */
const STALE = { BODYCAM_HCI: "/dev/no-such-port" };

benchTest(
	"a list without Bluetooth has the other cameras, and says what is wrong with Bluetooth",
	async ({ bench }) => {
		await bench.simulate("--name", "cam1");
		const listed = await bench.runWith(STALE, "list");
		expect([listed.code, listed.stdout]).toEqual([0, expect.stringContaining("sim:cam1")]);
		expect(listed.stderr).toContain("no cameras over Bluetooth: there is no HCI port /dev/no-such-port");

		const json = await bench.runWith(STALE, "list", "--json");
		expect(JSON.parse(json.stdout)).toContainEqual(expect.objectContaining({ address: "sim:cam1" }));
		expect(JSON.parse(json.stderr).warning.code).toBe("no-such-device");

		const asked = await bench.runWith(STALE, "list", "--ble");
		expect([asked.code, asked.stdout]).toEqual([3, expect.stringContaining("sim:cam1")]);
		expect(asked.stderr).toContain("bodycam: there is no HCI port /dev/no-such-port");
	},
	LIMIT_MS,
);

benchTest(
	"a list for machines has the Bluetooth address of a camera that is listed by its name",
	async ({ bench }) => {
		const { hci: [port = ""] = [] } = await bench.simulate("--name", "cam1", "--ble");
		const listed = await bench.json<object[]>("list", "--hci", port, "--seconds", "1");
		expect(listed).toContainEqual(
			expect.objectContaining({
				address: "ble:cam1",
				bleAddress: expect.stringMatching(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/),
			}),
		);
	},
	LIMIT_MS,
);
