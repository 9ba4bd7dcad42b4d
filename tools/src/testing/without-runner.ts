import process from "node:process";
import { afterAll, beforeAll } from "vitest";

/**
 * Lets a file of tests run as a program of its own does: the runner of tests takes what nobody catches for itself, even
 * what somebody else has a listener for.
 */
export function withoutRunner(): void {
	const exceptions = process.listeners("uncaughtException");
	const rejections = process.listeners("unhandledRejection");
	beforeAll(() => {
		process.removeAllListeners("uncaughtException");
		process.removeAllListeners("unhandledRejection");
	});
	afterAll(() => {
		for (const listener of exceptions) process.on("uncaughtException", listener);
		for (const listener of rejections) process.on("unhandledRejection", listener);
	});
}
