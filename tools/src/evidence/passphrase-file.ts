import { randomBytes, scryptSync } from "node:crypto";
import { AgeError } from "@bodycam/protocol/age/age-error";
import { asciiBytes } from "@bodycam/protocol/age/ascii";
import { decodeBare64, encodeBare64 } from "@bodycam/protocol/age/base64";
import { TAG_BYTES } from "@bodycam/protocol/age/crypto";
import { FILE_KEY_BYTES, headerMac, VERSION_LINE } from "@bodycam/protocol/age/header";
import { type AgeHeader, readAgeHeader } from "@bodycam/protocol/age/read-header";
import { CHUNK_BYTES, chunkNonce, PAYLOAD_NONCE_BYTES, payloadKey } from "@bodycam/protocol/age/stream";
import { hostAgeCrypto, openSealed, seal } from "./host-age-crypto.ts";

/** Work factor that `age` takes itself: 2^18 rounds, 256 MiB of memory, about a second. */
const WORK = 18;

/** Largest work factor that is done for a file somebody gives: 1 GiB of memory. */
const WORK_MAX = 20;

const SALT_BYTES = 16;
const SALT_LABEL = "age-encryption.org/v1/scrypt";

/** Encrypts a little with a passphrase, as `age -p` does (C2SP age, "The scrypt recipient type"). At most one chunk. */
export function sealWithPassphrase(plaintext: Uint8Array, passphrase: string): Uint8Array {
	if (plaintext.length > CHUNK_BYTES) throw new RangeError(`more than ${CHUNK_BYTES} bytes`);
	const fileKey = randomBytes(FILE_KEY_BYTES);
	const salt = randomBytes(SALT_BYTES);
	const wrapped = hostAgeCrypto.sealOnce(wrapKey(passphrase, salt, WORK), fileKey);
	const unsigned = `${VERSION_LINE}\n-> scrypt ${encodeBare64(salt)} ${WORK}\n${encodeBare64(wrapped)}\n---`;
	const mac = headerMac(fileKey, asciiBytes(unsigned), hostAgeCrypto);
	const nonce = randomBytes(PAYLOAD_NONCE_BYTES);
	const key = payloadKey(fileKey, nonce, hostAgeCrypto);
	return new Uint8Array(
		Buffer.concat([
			asciiBytes(`${unsigned} ${encodeBare64(mac)}\n`),
			nonce,
			seal(key, chunkNonce(0, true), plaintext),
		]),
	);
}

/**
 * Opens what was encrypted with a passphrase.
 * @returns undefined when the passphrase is another, or the file was changed
 * @throws {AgeError} malformed-header when it is no age file, or one that takes no passphrase
 */
export function openWithPassphrase(file: Uint8Array, passphrase: string): Uint8Array | undefined {
	const header = readAgeHeader(file);
	const { salt, work, wrapped } = scryptStanza(header);
	const fileKey = hostAgeCrypto.openOnce(wrapKey(passphrase, salt, work), wrapped);
	if (fileKey?.length !== FILE_KEY_BYTES) return undefined;
	if (!hostAgeCrypto.equal(headerMac(fileKey, header.unsigned, hostAgeCrypto), header.mac)) return undefined;
	const begin = header.bytes + PAYLOAD_NONCE_BYTES;
	if (file.length > begin + CHUNK_BYTES + TAG_BYTES || file.length < begin) return undefined;
	const key = payloadKey(fileKey, file.slice(header.bytes, begin), hostAgeCrypto);
	return openSealed(key, chunkNonce(0, true), file.subarray(begin));
}

function scryptStanza({ stanzas }: AgeHeader): { salt: Uint8Array; work: number; wrapped: Uint8Array } {
	const [stanza] = stanzas;
	const [kind, saltText = "", workText = ""] = stanza?.arguments ?? [];
	if (stanza === undefined || stanzas.length !== 1 || kind !== "scrypt" || stanza.arguments.length !== 3)
		throw new AgeError("malformed-header", "it is not encrypted with a passphrase");
	const salt = decodeBare64(saltText);
	if (salt?.length !== SALT_BYTES || stanza.body.length !== FILE_KEY_BYTES + TAG_BYTES)
		throw new AgeError("malformed-header", "what says how the passphrase is used is damaged");
	const work = /^[1-9]\d?$/.test(workText) ? Number(workText) : Number.NaN;
	if (!(work <= WORK_MAX))
		throw new AgeError("malformed-header", `its passphrase takes more work than 2^${WORK_MAX} rounds`);
	return { salt, work, wrapped: stanza.body };
}

function wrapKey(passphrase: string, salt: Uint8Array, work: number): Uint8Array {
	const N = 2 ** work;
	const label = Buffer.concat([asciiBytes(SALT_LABEL), salt]);
	return scryptSync(passphrase, label, 32, { N, r: 8, p: 1, maxmem: 128 * N * 8 + (32 << 20) });
}
