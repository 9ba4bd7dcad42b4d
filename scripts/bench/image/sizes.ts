import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Count } from "./count.ts";

interface Manifest {
	readonly sections: Readonly<Record<string, number>>;
	readonly needs: { readonly flash: number; readonly ram: number };
	readonly modules: readonly {
		readonly module: string;
		readonly code: number;
		readonly constants: number;
		readonly data: number;
		readonly zeroed: number;
	}[];
}

/** Flash and RAM of the image: all of it, by section and by module. @param image - the image; its manifest is beside it */
export function measureSizes(image: string): Count[] {
	const manifest: Manifest = JSON.parse(readFileSync(join(dirname(image), "bodycam.json"), "utf8"));
	const { sections, needs, modules } = manifest;
	const bytes = (name: string, what: string, value: number): Count => ({ name, what, value, unit: "bytes" });
	return [
		bytes("flash", "flash: code, constants, initial values", needs.flash),
		bytes("ram", "RAM besides the JavaScript heap: data, malloc, stacks", needs.ram),
		...Object.entries(sections).map(([section, size]) =>
			bytes(`section.${section}`, `section ${section}`, size),
		),
		...modules.flatMap(({ module, code, constants, data, zeroed }) => [
			bytes(`flash.${module}`, `flash of ${module}`, code + constants + data),
			bytes(`ram.${module}`, `RAM of ${module}`, data + zeroed),
		]),
	].filter(({ value }) => value > 0);
}
