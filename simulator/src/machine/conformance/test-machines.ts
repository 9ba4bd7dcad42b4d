/**
 * Closes the machines of tests: on an engine outside this process each of them is a process of its own.
 */
import { afterAll, afterEach, beforeEach } from "vitest";
import type { Machine } from "../machine.ts";

/** Made while the file was read, for several tests. */
const ofFile: Machine[] = [];
let ofTest = ofFile;

beforeEach(() => {
	ofTest = [];
});

afterEach(() => {
	for (const machine of ofTest) machine.close();
	ofTest = ofFile;
});

afterAll(() => {
	for (const machine of ofFile) machine.close();
});

/** Has a machine closed when the test is over; one that is made outside of a test, when the file is. */
export function keepForTest<M extends Machine>(machine: M): M {
	ofTest.push(machine);
	return machine;
}

/** Makes a machine that is closed when the file is over, though it is made within a test. */
export function keepForFile<M extends Machine>(make: () => M): M {
	const before = ofTest;
	ofTest = ofFile;
	try {
		return make();
	} finally {
		ofTest = before;
	}
}
