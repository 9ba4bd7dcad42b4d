import { existsSync, readFileSync } from "node:fs";
import { UsageError } from "../errors.ts";

/**
 * An agency's root public key, as an option gives it: hexadecimal, or a file with its 32 bytes or its digits.
 * @throws {UsageError} when there is no key in it
 */
export function readRootKey(text: string): Uint8Array {
	if (/^[0-9a-f]{64}$/i.test(text)) return new Uint8Array(Buffer.from(text, "hex"));
	const bytes = existsSync(text) ? readFileSync(text) : undefined;
	if (bytes?.length === 32) return new Uint8Array(bytes);
	const digits = bytes?.toString("latin1").trim() ?? "";
	if (/^[0-9a-f]{64}$/i.test(digits)) return new Uint8Array(Buffer.from(digits, "hex"));
	throw new UsageError(
		`${text}: ${bytes === undefined ? "there is no such file" : "there is no key in it"}`,
		{
			hint: "Give the agency's root public key as 64 hexadecimal digits, or a file with it.",
		},
	);
}
