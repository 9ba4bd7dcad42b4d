/** Kind of the record that makes a misfortune happen; no peripheral sends it. */
export const MISFORTUNE_KIND = 0xfffe;

/** What may happen to the firmware, in the order of the numbers that `misfortune-main.ts` knows them by. */
export const MISFORTUNES = ["exception", "full heap", "endless recursion", "endless loop"] as const;

/** One of `MISFORTUNES`. */
export type Misfortune = (typeof MISFORTUNES)[number];
