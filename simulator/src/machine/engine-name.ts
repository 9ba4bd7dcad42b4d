/** What can run the firmware: the wasm build of the engine in this process, or the Cortex-M55 image in QEMU. */
export const ENGINES = ["wasm", "mps3-an547"] as const;

/** One of `ENGINES`. */
export type EngineName = (typeof ENGINES)[number];
