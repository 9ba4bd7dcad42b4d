import { SimulatorNameError } from "../control/registry.ts";

/** Most cameras of one simulator. */
export const MAXIMUM_COUNT = 500;

/** How one of several cameras is called. */
export interface CameraNames {
	/** Its name. */
	readonly name: string;
	/** Its number, from 0. */
	readonly index: number;
	/** What is put behind paths that are given once for all of them. */
	readonly suffix: string;
	/** Its state directory inside the one for all of them. */
	readonly state: string;
}

/**
 * Names of the cameras of a simulator: the name itself for one, NAME-1, NAME-2, … for several.
 * @throws SimulatorNameError when there cannot be so many
 */
export function cameraNames(name: string, count: number): CameraNames[] {
	if (!Number.isInteger(count) || count < 1 || count > MAXIMUM_COUNT) {
		const hint = `Give a --count from 1 to ${MAXIMUM_COUNT}.`;
		throw new SimulatorNameError(`there cannot be ${count} cameras`, hint, 2);
	}
	if (count === 1) return [{ name, index: 0, suffix: "", state: "" }];
	return Array.from({ length: count }, (_value, index) => ({
		name: `${name}-${index + 1}`,
		index,
		suffix: `-${index + 1}`,
		state: `${name}-${index + 1}`,
	}));
}
