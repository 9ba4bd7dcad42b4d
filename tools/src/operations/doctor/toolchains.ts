import type { Finding } from "./finding.ts";
import type { Host } from "./host.ts";

/** A program that some work needs. */
interface Toolchain {
	readonly program: string;
	readonly args: readonly string[];
	/** Finds its version in what it prints. */
	readonly version: RegExp;
	/** What cannot be done without it. */
	readonly needed: string;
	/** Package of Debian and its kin. */
	readonly packages: string;
}

const TOOLCHAINS: readonly Toolchain[] = [
	{
		program: "arm-none-eabi-gcc",
		args: ["--version"],
		version: /(\d+\.\d+\.\d+)/,
		needed: "to build the Cortex-M55 image (`npm run mcu:build`)",
		packages: "gcc-arm-none-eabi libnewlib-arm-none-eabi",
	},
	{
		program: "qemu-system-arm",
		args: ["--version"],
		version: /version (\d+\.\d+\.\d+)/,
		needed: "to run it (`--engine mps3-an547`)",
		packages: "qemu-system-arm",
	},
	{
		program: "emcc",
		args: ["--version"],
		version: /(\d+\.\d+\.\d+)/,
		needed: "to rebuild the committed engine (`npm run engine:build`)",
		packages: "emscripten binaryen",
	},
];

/** Which toolchains are there. None is needed to write firmware and run it on the simulator. */
export function checkToolchains(host: Host): Promise<Finding[]> {
	return Promise.all(
		TOOLCHAINS.map(async ({ program, args, version, needed, packages }): Promise<Finding> => {
			const printed = await host.run(program, args);
			if (printed !== undefined)
				return { subject: program, severity: "ok", text: version.exec(printed)?.[1] ?? "there" };
			return {
				subject: program,
				severity: "note",
				text: `not installed; needed only ${needed}`,
				advice: `On Debian: apt-get install --no-install-recommends ${packages}`,
			};
		}),
	);
}
