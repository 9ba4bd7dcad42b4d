/** `node scripts/run.js NAME [ARGUMENTS]`: bundles scripts/NAME/main.ts and runs it, since Node runs no TypeScript. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const [name = "", ...args] = process.argv.slice(2);
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const outfile = join(root, "dist/scripts", `${name}.js`);
mkdirSync(dirname(outfile), { recursive: true });
await build({
	entryPoints: [join(root, "scripts", name, "main.ts")],
	outfile,
	bundle: true,
	platform: "node",
	format: "esm",
	target: "node20",
	sourcemap: true,
	logLevel: "warning",
	plugins: [
		{
			name: "packages stay outside, workspaces go in",
			setup: (bundler) =>
				bundler.onResolve({ filter: /^[^./]/ }, ({ path }) =>
					path.startsWith("@bodycam/") ? undefined : { path, external: true },
				),
		},
	],
});
process.argv.splice(2, process.argv.length, ...args);
await import(pathToFileURL(outfile).href);
