import { decodeCbor, encodeCbor } from "../cbor/codec.ts";
import { CborError } from "../cbor/structure.ts";
import type { Infer, Schema } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import {
	type Expected,
	openDocument,
	type Signer,
	signDocument,
	type TrustCrypto,
} from "./signed-document.ts";
import { TrustError } from "./trust-error.ts";

/** A signed document whose payload is CBOR of `content`: a COSE_Sign1. */
export function signMap(
	contentType: string,
	content: object,
	signer: Signer,
	crypto: Pick<TrustCrypto, "sha256">,
): Uint8Array {
	return signDocument(contentType, encodeCbor(content), signer, crypto);
}

/**
 * The content of a signed document, once its signature has been checked.
 * @throws {TrustError} as `openDocument`, and malformed when the payload is not what the schema says
 */
export function openMap<S extends Schema>(
	schema: S,
	signed: Uint8Array,
	expected: Expected,
	crypto: TrustCrypto,
): Infer<S> {
	const payload = openDocument(signed, expected, crypto);
	try {
		return parse(schema, decodeCbor(payload));
	} catch (error) {
		if (error instanceof CborError || error instanceof SchemaError)
			throw new TrustError("malformed", `${expected.what} cannot be read: ${error.message}`);
		throw error;
	}
}
