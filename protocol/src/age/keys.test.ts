import { expect, test } from "vitest";
import { nodeAgeCrypto as crypto } from "../testing/node-age-crypto.ts";
import { AgeError } from "./age-error.ts";
import { formatIdentity, formatRecipient, parseIdentity, parseRecipient } from "./keys.ts";

// Made with age-keygen 1.1.1.
const RECIPIENT = "age1egqcq0uden5s9ldfgmvjzvjlh9kz45jty6sfpj83rcuwe84jt56qjjclss";
const IDENTITY = "AGE-SECRET-KEY-1SLPWVFAG70ZDQEGYPPQ3QTGHYZSTELRGDRX993MTGH7WN92LW2MQ83UNLQ";

test("the recipient of a pair that age-keygen made is the public key of its identity", () => {
	const publicKey = crypto.publicKey(parseIdentity(IDENTITY));
	expect(parseRecipient(RECIPIENT)).toEqual(publicKey);
	expect(formatRecipient(publicKey)).toBe(RECIPIENT);
});

test("an identity is written as it was read", () => {
	expect(formatIdentity(parseIdentity(IDENTITY))).toBe(IDENTITY);
});

test.each([
	"",
	"age1",
	RECIPIENT.toUpperCase(),
	RECIPIENT.slice(0, -1),
	` ${RECIPIENT}`,
	IDENTITY,
	"ssh-ed25519 AAAA",
])("%j is no recipient", (text) => {
	expect(() => parseRecipient(text)).toThrow(AgeError);
});

test.each(["", IDENTITY.toLowerCase(), IDENTITY.slice(0, -1), RECIPIENT])("%j is no identity", (text) => {
	expect(() => parseIdentity(text)).toThrow(AgeError);
});

test("the message about an identity that cannot be read does not give it away", () => {
	const damaged = IDENTITY.replace("SLPW", "SLPQ");
	expect(() => parseIdentity(damaged)).toThrow(
		expect.not.objectContaining({ message: expect.stringContaining("SLP") }),
	);
});

test("keys of another length are not written", () => {
	expect(() => formatRecipient(new Uint8Array(31))).toThrow(RangeError);
	expect(() => formatIdentity(new Uint8Array(33))).toThrow(RangeError);
});
