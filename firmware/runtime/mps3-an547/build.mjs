/** `npm run mcu:build`: builds the Cortex-M55 image if an input changed, and says what it takes. */
import { relative } from "node:path";
import { buildImage } from "./image.mjs";

try {
	const { file, buildId, rebuilt, needs } = await buildImage();
	console.log(
		`${relative(process.cwd(), file)}: ${rebuilt ? "built" : "up to date"}, build ${buildId}, ` +
			`${needs.flash} bytes of flash, ${needs.ram} bytes of RAM besides the JavaScript heap`,
	);
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}
