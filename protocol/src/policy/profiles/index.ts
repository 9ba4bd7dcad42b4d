import type { PolicyProfile } from "../profile.ts";
import { deBpol } from "./de-bpol.ts";
import { deBw } from "./de-bw.ts";
import { deBy } from "./de-by.ts";
import { deHe } from "./de-he.ts";
import { deNw } from "./de-nw.ts";
import { demo } from "./demo.ts";

/** The built-in profiles. */
export const PROFILES: readonly PolicyProfile[] = [deNw, deBpol, deBw, deHe, deBy, demo];

/** A built-in profile by its name; undefined when there is none. */
export function findProfile(name: string): PolicyProfile | undefined {
	return PROFILES.find((profile) => profile.name === name);
}
