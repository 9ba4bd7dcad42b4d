/**
 * What the image takes, by section and by module, from the linker's map.
 */

/** Kinds of memory by output section; the rest is debug information. */
const KINDS = {
	".vectors": "code",
	".text": "code",
	".ARM.exidx": "code",
	".rodata": "constants",
	".init_array": "constants",
	".data": "data",
	".bss": "zeroed",
};

/**
 * Bytes of one module.
 * @typedef {object} ModuleSize
 * @property {string} module
 * @property {number} code
 * @property {number} constants
 * @property {number} data initialised data; in flash and in RAM
 * @property {number} zeroed
 */

/**
 * The module an object belongs to: a source of the engine by its own name, libraries as a whole.
 * @param {string} object as the map names it
 */
export function moduleOf(object) {
	const library = /([^/]+)\.a\(/.exec(object);
	if (library) return library[1];
	const name = object.slice(object.lastIndexOf("/") + 1).replace(/\.o$/, "");
	const ours = /^port-(common|mps3-an547|crypto)-/.exec(name);
	return ours ? `port/${ours[1]}` : `xs/${name}`;
}

/**
 * Parses a map file of GNU ld.
 * @param {string} map
 * @returns {ModuleSize[]} largest first
 */
export function moduleSizes(map) {
	const sizes = new Map();
	let kind;
	// a long section name has its numbers on the next line
	const text = map.slice(map.indexOf("Linker script and memory map")).replace(/^( \.\S+)\n +0x/gm, "$1 0x");
	for (const line of text.split("\n")) {
		const output = /^(\.[\w.]+)/.exec(line);
		if (output) kind = KINDS[output[1]];
		const input = /^ (?:\*fill\*|[.\w]\S*)\s+0x[0-9a-f]+\s+0x([0-9a-f]+)(?:\s+(\S.*?))?\s*$/.exec(line);
		if (!input || kind === undefined) continue;
		const bytes = Number.parseInt(input[1], 16);
		if (bytes === 0) continue;
		const module = input[2] === undefined ? "alignment" : moduleOf(input[2]);
		const size = sizes.get(module) ?? { module, code: 0, constants: 0, data: 0, zeroed: 0 };
		size[kind] += bytes;
		sizes.set(module, size);
	}
	const total = ({ code, constants, data, zeroed }) => code + constants + data + zeroed;
	return [...sizes.values()].sort((a, b) => total(b) - total(a) || (a.module < b.module ? -1 : 1));
}

/**
 * Bytes by output section, from `size -A`.
 * @param {string} listing
 * @returns {Record<string, number>}
 */
export function sectionSizes(listing) {
	return Object.fromEntries(
		[...listing.matchAll(/^(\.[\w.]+)\s+(\d+)\s+\d+/gm)]
			.filter(([, name]) => !name.startsWith(".debug"))
			.map(([, name, bytes]) => [name, Number(bytes)]),
	);
}

/**
 * What a part needs: flash for code, constants and the initial values of data; RAM for data, malloc and stacks. The
 * JavaScript heap comes on top, the queues lie in the memory shared with the board.
 * @param {Record<string, number>} sections
 */
export function memoryNeeds(sections) {
	const sum = (...names) => names.reduce((total, name) => total + (sections[name] ?? 0), 0);
	return {
		flash: sum(".vectors", ".text", ".ARM.exidx", ".rodata", ".init_array", ".data"),
		ram: sum(".data", ".bss", ".malloc", ".stack"),
	};
}
