import { BodycamError } from "../errors.ts";
import type { CredentialAlgorithm, CredentialSigner } from "./credential-signer.ts";
import type { Original } from "./original.ts";

/** The package that writes Content Credentials, with the version these tools are tested with. */
export const CREDENTIALS_PACKAGE = { name: "@contentauth/c2pa-node", version: "0.5.5" } as const;

/** Label of the assertion that names the recording. */
export const CUSTODY_ASSERTION = "org.bodycam.custody";

/** What a camera takes, in the vocabulary of the IPTC. */
const DIGITAL_CAPTURE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture";

/** Room for signature and certificates, bytes. */
const RESERVED_BYTES = 20_000;

/** Content Credentials cannot be written. */
export class CredentialsError extends BodycamError {
	override readonly name = "CredentialsError";
	override readonly code = "content-credentials";
}

/** The part of the package that is needed here. */
interface CredentialsModule {
	readonly Builder: {
		withJson(manifest: object): {
			setIntent(intent: { readonly create: string }): void;
			addAction(action: string): void;
			addAssertion(label: string, assertion: string, kind: "Json"): void;
			signConfigAsync(
				callback: (data: Buffer) => Promise<Buffer>,
				config: {
					readonly alg: CredentialAlgorithm;
					readonly certs: readonly Buffer[];
					readonly reserveSize: number;
					readonly directCoseHandling: boolean;
				},
				input: { readonly path: string },
				output: { readonly path: string },
			): Promise<unknown>;
		};
	};
}

/** Writes Content Credentials into MP4 files. */
export interface CredentialWriter {
	/**
	 * Signs a file.
	 * @param files - the MP4 and where the signed one goes
	 * @param about - its title, the recording it is of, and the tools
	 * @throws {CredentialsError} when it cannot be signed
	 */
	write(
		files: { readonly from: string; readonly to: string },
		about: { readonly title: string; readonly original: Original; readonly tools: ToolsVersion },
	): Promise<void>;
}

/** The tools that make an export. */
export interface ToolsVersion {
	readonly name: string;
	readonly version: string;
}

/**
 * Loads the package, which is not among the dependencies: it is large, and few need it.
 * @param load - imports a package
 * @throws {CredentialsError} when it is not installed
 */
export async function openCredentialWriter(
	signer: CredentialSigner,
	load: (name: string) => Promise<unknown> = (name) => import(name),
): Promise<CredentialWriter> {
	const module = await loadPackage(load);
	return {
		async write({ from, to }, { title, original, tools }) {
			try {
				const builder = module.Builder.withJson({
					claim_generator_info: [tools],
					title,
					format: "video/mp4",
					assertions: [],
				});
				builder.setIntent({ create: DIGITAL_CAPTURE });
				if (original.partMs !== undefined) builder.addAction(JSON.stringify(trimmed(original)));
				builder.addAssertion(CUSTODY_ASSERTION, JSON.stringify(original), "Json");
				await builder.signConfigAsync(
					async (data) => signer.sign(data),
					{
						alg: signer.algorithm,
						certs: signer.chain.map((certificate) => Buffer.from(certificate)),
						reserveSize: RESERVED_BYTES,
						directCoseHandling: false,
					},
					{ path: from },
					{ path: to },
				);
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				throw new CredentialsError(`Content Credentials cannot be written: ${reason}`, {
					hint: "The certificate has to be one for signing documents or mail (extended key usage), not its own issuer.",
					cause: error,
				});
			}
		},
	};
}

function trimmed({ partMs, recording, device }: Original): object {
	const part = `${(partMs?.from ?? 0) / 1000} s to ${(partMs?.to ?? 0) / 1000} s`;
	return {
		action: "c2pa.trimmed",
		parameters: { description: `${part} of recording ${recording} of camera ${device}` },
	};
}

async function loadPackage(load: (name: string) => Promise<unknown>): Promise<CredentialsModule> {
	const { name, version } = CREDENTIALS_PACKAGE;
	try {
		return (await load(name)) as CredentialsModule;
	} catch (error) {
		const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
		throw new CredentialsError(
			missing
				? `Content Credentials need the package ${name}, which is not installed`
				: `the package ${name} does not load: ${(error as Error).message}`,
			{
				hint: `\`npm install --no-save ${name}@${version}\` in the directory of these tools adds it; it takes 96 MB.`,
				cause: error,
			},
		);
	}
}
