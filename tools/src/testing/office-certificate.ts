import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A certificate of an office that signs exports, made by a certification authority of the test. */
export interface OfficeCertificate {
	/** File with the office's certificate and that of the authority. */
	readonly chain: string;
	/** File with the office's key. */
	readonly key: string;
	/** The authority's certificate, PEM: what a verifier trusts. */
	readonly anchor: string;
}

const CONFIGURATION = `[req]
distinguished_name = name
prompt = no
[name]
O = Test authority
CN = Test root
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[office]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = emailProtection
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
`;

/**
 * Makes a certificate with openssl.
 * @param keyOptions - what `openssl genpkey` makes of it; without them ECDSA on P-256
 */
export function makeOfficeCertificate(
	directory: string,
	keyOptions: readonly string[] = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
): OfficeCertificate {
	const path = (name: string): string => join(directory, name);
	const openssl = (...args: string[]): void => {
		execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
	};
	const [rootKey, root, key, request, own, chain] = [
		"authority.key",
		"authority.pem",
		"office.key",
		"office.csr",
		"office-own.pem",
		"office.pem",
	].map(path) as [string, string, string, string, string, string];
	const configuration = path("openssl.cnf");
	writeFileSync(configuration, CONFIGURATION);
	openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", rootKey);
	openssl(
		...["req", "-x509", "-new", "-key", rootKey, "-config", configuration, "-extensions", "authority"],
		...["-days", "3", "-sha256", "-out", root],
	);
	openssl("genpkey", ...keyOptions, "-out", key);
	openssl("req", "-new", "-key", key, "-subj", "/O=Ordnungsamt/CN=Evidence export", "-out", request);
	openssl(
		...["x509", "-req", "-in", request, "-CA", root, "-CAkey", rootKey, "-CAcreateserial", "-days", "2"],
		...["-sha256", "-extfile", configuration, "-extensions", "office", "-out", own],
	);
	const anchor = readFileSync(root, "utf8");
	writeFileSync(chain, readFileSync(own, "utf8") + anchor);
	return { chain, key, anchor };
}
