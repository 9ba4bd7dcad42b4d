/** What one module takes, bytes. */
export interface ModuleSize {
	readonly module: string;
	readonly code: number;
	readonly constants: number;
	/** Initialised data; in flash and in RAM. */
	readonly data: number;
	readonly zeroed: number;
}

/** The module of an object, as the map names it. */
export function moduleOf(object: string): string;

/** What each module takes according to the linker's map, largest first. */
export function moduleSizes(map: string): ModuleSize[];

/** Bytes of each section, from the listing of `size -A`. */
export function sectionSizes(listing: string): Record<string, number>;

/** What the sections need of flash and of RAM, bytes. */
export function memoryNeeds(sections: Readonly<Record<string, number>>): { flash: number; ram: number };
