import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FirmwareStatus } from "@bodycam/protocol/camera/firmware";
import type { Status } from "@bodycam/protocol/camera/status";
import { expect } from "vitest";
import type { ImageState } from "../client/firmware.ts";
import { benchTest } from "./testing/bench-test.ts";

const LIMIT_MS = 180_000;

interface Firmware {
	readonly images: readonly ImageState[];
	readonly status: FirmwareStatus;
}

/** A firmware that loads well, and dies of the first thing the board tells it. */
const FRAIL = `declare const native: { listen(listener: () => void): void };

function fallOver(): never {
	throw new TypeError("nothing to stand on");
}

native.listen(() => {
	fallOver();
});

export {};
`;

benchTest(
	"a firmware is built, flashed over a serial line and confirmed; one that dies goes back by itself, and the crash is shown with its line",
	async ({ bench }) => {
		await bench.ok("firmware", "keygen", "my.key");
		const camera = await bench.simulate("--name", "cam1", "--baud", "921600", "--firmware-key", "my.key");
		const serial = `${camera.serial}?baud=921600`;
		const build = (version: string, ...more: string[]) =>
			bench.ok(
				"firmware",
				"build",
				"--key",
				"my.key",
				"--out",
				`${version}.img`,
				"--image-version",
				version,
				...more,
			);
		const flags = async () => {
			const { images } = await bench.json<Firmware>("firmware", "status", "-d", serial);
			return images.map(({ version, active, confirmed }) =>
				`${version} ${active ? "active" : ""} ${confirmed ? "confirmed" : ""}`.trim(),
			);
		};
		expect(await flags()).toEqual(["0.1.0 active confirmed"]);

		await build("0.2.0");
		const flashed = await bench.ok("firmware", "flash", "0.2.0.img", "-d", serial);
		expect(flashed).toMatch(/^sent \d+ kB in .*\nslot 1: verified\n0\.2\.0 runs, after .*\nconfirmed$/m);
		expect(await flags()).toEqual(["0.1.0", "0.2.0 active confirmed"]);
		const again = await bench.ok("firmware", "flash", "0.2.0.img", "-d", serial);
		expect(again.trim()).toBe("the image runs already");

		writeFileSync(bench.path("frail.ts"), FRAIL);
		await build("0.3.0", "--entry", "frail.ts");
		const { code, stderr } = await bench.run("firmware", "flash", "0.3.0.img", "-d", serial);
		expect(code).toBe(6);
		expect(stderr).toContain("the new firmware does not run: version 0.2.0 runs");
		expect(stderr).toContain("slot 0 was rejected (not-confirmed)");
		expect(await flags()).toEqual(["0.3.0", "0.2.0 active confirmed"]);
		const crash = await bench.ok("crash", "-d", "sim:cam1");
		expect(crash).toMatch(/^died of +exception: TypeError: nothing to stand on$/m);
		expect(crash).toMatch(/ at fallOver \(.*frail\.ts:4\)$/m);
		const wrong = await bench.run("crash", "-d", "sim:cam1", "--map", "frail.ts");
		expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("frail.ts is no source map") });
		expect(await bench.ok("doctor", "-d", "sim:cam1").catch(String)).toContain("fits these tools");
		const log = await bench.ok("log", "-d", "sim:cam1", "--level", "error");
		expect(log).toContain("the last run died: TypeError: nothing to stand on");
	},
	LIMIT_MS,
);

benchTest(
	"an image for a test only is left, gone back from, and refused when its key is not trusted",
	async ({ bench }) => {
		await bench.simulate("--name", "cam1");
		const build = (version: string, ...more: string[]) =>
			bench.ok("firmware", "build", "--out", `${version}.img`, "--image-version", version, ...more);
		await build("0.2.0");
		const tested = await bench.ok("firmware", "flash", "0.2.0.img", "-d", "sim:cam1", "--test-only");
		expect(tested).toContain("0.2.0 runs");
		expect(tested).not.toContain("confirmed");
		expect(await bench.ok("firmware", "revert", "-d", "sim:cam1")).toMatch(/^0\.1\.0 runs/m);
		expect(await bench.ok("firmware", "erase", "-d", "sim:cam1")).toBe("erased\n");

		await bench.ok("firmware", "keygen", "other.key");
		await build("0.3.0", "--key", "other.key");
		const { code, stderr, stdout } = await bench.run("firmware", "flash", "0.3.0.img", "-d", "sim:cam1");
		expect({ code, stdout }).toEqual({ code: 4, stdout: "" });
		expect(stderr).toMatch(/signed by the key [0-9a-f]{16}, the camera trusts [0-9a-f]{16}/);
		expect(stderr).toContain("--firmware-key FILE");
	},
	LIMIT_MS,
);

benchTest(
	"a build for a simulated camera runs at once, its agency and its recordings stay; one that dies is gone back from",
	async ({ bench }) => {
		const camera = await bench.simulate("--name", "cam1", "--pre-record", "0");
		const before = await bench.json<Status>("status", "-d", camera.udp);
		const main = join(import.meta.dirname, "..", "..", "..", "firmware", "src", "main.ts");
		writeFileSync(bench.path("other.ts"), `import ${JSON.stringify(main)};\n\nArray.of(1);\n`);
		const build = [
			"firmware",
			"build",
			"--out",
			"dev.img",
			"--entry",
			"other.ts",
			"--flash",
			"-d",
			"sim:cam1",
		];
		const lines = (await bench.ok(...build, "--json")).trim().split("\n");
		const last = JSON.parse(lines.at(-1) ?? "") as { type: string; buildId: string };
		expect(last.type).toBe("running");
		const after = await bench.json<Status>("status", "-d", camera.udp);
		expect(after.device.build).toBe(last.buildId);
		expect(after.device.build).not.toBe(before.device.build);
		expect(after.provisioning).toEqual(before.provisioning);
		expect(after.card).toEqual(before.card);

		writeFileSync(bench.path("frail.ts"), FRAIL);
		const frail = ["firmware", "build", "--out", "frail.img", "--entry", "frail.ts", "--flash"];
		const died = await bench.run(...frail, "-d", "sim:cam1");
		expect(died).toMatchObject({ code: 6, stderr: expect.stringContaining("the new firmware does not run") });
		expect((await bench.json<Status>("status", "-d", camera.udp)).device.build).toBe(last.buildId);
		expect(await bench.ok("crash", "-d", "sim:cam1")).toContain("nothing to stand on");
	},
	LIMIT_MS,
);

benchTest(
	"the prompt evaluates on builds for development that are signed with the development key, and on no other",
	async ({ bench }) => {
		await bench.ok("firmware", "keygen", "my.key");
		await bench.simulate("--name", "cam1", "--firmware-key", "my.key");
		const ask = (source: string) => bench.run("repl", "-d", "sim:cam1", "-e", source);
		expect(await ask("1 + 1")).toMatchObject({
			code: 4,
			stderr: expect.stringContaining("is not a build for development"),
		});

		await bench.ok("firmware", "build", "--dev", "--out", "dev.img", "--flash", "-d", "sim:cam1");
		expect(await ask("const a: number = 20; a + 1")).toMatchObject({ code: 0, stdout: "21\n" });
		expect(await ask("a * 2")).toMatchObject({ code: 0, stdout: "40\n" });
		expect(await ask("const later = await Promise.resolve(a); later + 1")).toMatchObject({ stdout: "21\n" });
		expect(await ask("later")).toMatchObject({ stdout: "20\n" });
		const failed = await ask("camera.log.inMemory(99999)");
		expect(failed).toMatchObject({ code: 1, stdout: "" });
		expect(failed.stderr).toMatch(
			/RangeError: message 99999 is not kept\n +at check \(firmware\/src\/events\/message-ring\.ts:\d+\)/,
		);
		expect(failed.stderr).toContain("at (input:1)");

		// The body is the same, and runs already: the key makes it another image.
		await bench.ok("firmware", "sign", "dev.img", "--key", "my.key", "--out", "field.img");
		await bench.ok("firmware", "flash", "field.img", "-d", "sim:cam1", "--confirm");
		expect(await ask("1 + 1")).toMatchObject({
			code: 4,
			stderr: expect.stringContaining("not signed with a development key"),
		});
	},
	LIMIT_MS,
);

benchTest(
	"a camera in recovery says so, whatever it is asked, names its serial port, and takes an image there",
	async ({ bench }) => {
		const start = () => bench.simulate("--name", "cam1", "--state", "state", "--serial");
		await start();
		await bench.ok("firmware", "build", "--out", "new.img", "--flash", "-d", "sim:cam1");
		await bench.ok("sim", "stop", "--name", "cam1");
		for (const slot of ["primary", "secondary"]) {
			const file = bench.path(join("state", "flash", `${slot}.bin`));
			const flash = readFileSync(file);
			flash[5000] = (flash[5000] ?? 0) ^ 1;
			writeFileSync(file, flash);
		}
		const { serial = "" } = await start();
		for (const command of [["doctor"], ["log"], ["crash"], ["status"]]) {
			const { code, stdout, stderr } = await bench.run(...command, "-d", serial);
			expect(stdout + stderr).toMatch(/is in recovery[\s\S]*slot \d was rejected \(bad-hash\)/);
			expect(code).toBe(command[0] === "doctor" ? 1 : 4);
		}
		const slots = await bench.ok("firmware", "status", "-d", serial);
		expect(slots).toContain("no image is valid, the boot stage answers");
		expect(slots).not.toContain("self-test");
		const { code, stderr } = await bench.run("status", "-d", "sim:cam1");
		expect(code).toBe(5);
		expect(stderr).toContain("is in recovery");
		expect(stderr).toContain(`-d ${serial}`);
		expect(await bench.ok("firmware", "flash", "new.img", "-d", serial)).toContain("confirmed");
	},
	LIMIT_MS,
);
