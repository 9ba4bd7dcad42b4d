import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { benchTest } from "./testing/bench-test.ts";
import { copyCheckout, launcherOf } from "./testing/checkout.ts";
import { startBodycam } from "./testing/command-line.ts";

// Refusals are tested in `commands/firmware.test.ts`.

const LIMIT_MS = 120_000;

interface Built {
	readonly buildId: string;
	readonly hash: string;
}

benchTest(
	"from a key to a signed image that is inspected, in five commands",
	async ({ bench }) => {
		await bench.ok("firmware", "keygen", "firmware.key", "--public", "firmware.pub");
		expect(statSync(bench.path("firmware.key")).mode & 0o777).toBe(0o600);
		const built = await bench.ok("firmware", "build", "--key", "firmware.key", "--out", "a.img");
		expect(built).toMatch(/^firmware\/src\/recorder\s+[\d,]+\s+[\d,]+\s+[\d,]+\s+[\d,]+$/m);
		const { buildId, hash } = await bench.json<Built>(
			"firmware",
			"build",
			"--key",
			"firmware.key",
			"--out",
			"b.img",
		);
		expect(readFileSync(bench.path("a.img"))).toEqual(readFileSync(bench.path("b.img")));
		const seen = await bench.json("firmware", "inspect", "a.img", "--key", "firmware.pub");
		expect(seen).toMatchObject({ buildId, hash, verified: true });
		const damaged = readFileSync(bench.path("a.img"));
		damaged[1000] = (damaged[1000] ?? 0) ^ 1;
		writeFileSync(bench.path("a.img"), damaged);
		const { code, stderr, stdout } = await bench.run("firmware", "inspect", "a.img");
		expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
		expect(stderr).toContain(
			"a.img: the SHA-256 of header, body and protected TLV area is not the one given",
		);
		expect(stderr).not.toMatch(/^\s+at /m);
	},
	LIMIT_MS,
);

benchTest(
	"build --watch builds every save, says what is wrong with one, and goes on; another checkout makes the same bytes",
	async ({ bench }) => {
		const checkout = copyCheckout();
		// The real thing, as `npm ci` installs it: bundled sources are named by where they lie.
		const packages = join(import.meta.dirname, "..", "..", "..", "node_modules");
		rmSync(join(checkout, "node_modules", "cbor-x"));
		cpSync(join(packages, "cbor-x"), join(checkout, "node_modules", "cbor-x"), { recursive: true });
		await bench.ok("firmware", "keygen", "key.pem");
		const out = bench.path("watched.img");
		const args = ["firmware", "build", "--key", bench.path("key.pem"), "--out", out, "--watch", "--json"];
		const watching = startBodycam(args, { launcher: launcherOf(checkout), cwd: bench.directory });
		const parse = (line: string) => JSON.parse(line) as Built;
		try {
			const first = parse(await watching.line('"buildId"'));
			const here = await bench.json<Built>("firmware", "build", "--key", "key.pem", "--out", "here.img");
			expect(first.buildId).toBe(here.buildId);
			expect(readFileSync(out)).toEqual(readFileSync(bench.path("here.img")));
			const source = join(checkout, "firmware", "src", "main.ts");
			const text = readFileSync(source, "utf8");
			writeFileSync(source, `${text}\nexport const n: number = "1";\n`);
			expect(await watching.line('"firmware-build"')).toContain("main.ts(");
			expect(readFileSync(out)).toEqual(readFileSync(bench.path("here.img")));
			writeFileSync(source, `${text}\n(globalThis as { later?: string }).later = "later";\n`);
			expect(parse(await watching.line('"board":"sim-1"', first.buildId)).buildId).not.toBe(first.buildId);
			expect(readFileSync(out).includes("later")).toBe(true);
		} finally {
			watching.process.kill("SIGINT");
			expect((await watching.outcome).code).toBe(130);
			rmSync(checkout, { recursive: true, force: true });
		}
	},
	LIMIT_MS,
);
