import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { Hardware } from "./hardware.ts";

/** Adds the commands of a build for development to a server. */
export type RegisterDevelopment = (server: SmpServer) => void;

/**
 * Opens what only a build for development has.
 * @param parts - of the camera, by name, for whoever looks inside
 */
export type OpenDevelopment = (
	hardware: Hardware,
	parts: Readonly<Record<string, unknown>>,
) => RegisterDevelopment;
