/**
 * libsodium for the Cortex-M55, from Debian's source package: fetched by apt, which checks it against the signed
 * archive, unpacked with Debian's own patches and none of ours, and compiled as far as the crypto backend needs it.
 * The library is kept under `firmware/dist` and built anew only when this file or the compiler is another one. Needs
 * apt with deb-src, dpkg-source (dpkg-dev) and arm-none-eabi-gcc.
 */
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hasSourcePackage } from "./source-packages.mjs";

/** The release whose sources are listed below, by the digest of its archive; Debian's revisions of it are all right. */
const ORIGINAL = "libsodium_1.0.18.orig.tar.gz";
const ORIGINAL_SHA256 = "d59323c6b712a1519a5daf710b68f5e7fde57040845ffec53850911f10a5d4f4";

/** What the crypto backend calls and what that calls, below `src/libsodium`. */
const SOURCES = [
	"crypto_aead/chacha20poly1305/sodium/aead_chacha20poly1305.c",
	"crypto_auth/hmacsha256/auth_hmacsha256.c",
	"crypto_core/ed25519/ref10/ed25519_ref10.c",
	"crypto_hash/sha256/cp/hash_sha256_cp.c",
	"crypto_hash/sha512/cp/hash_sha512_cp.c",
	"crypto_onetimeauth/poly1305/donna/poly1305_donna.c",
	"crypto_onetimeauth/poly1305/onetimeauth_poly1305.c",
	"crypto_scalarmult/curve25519/ref10/x25519_ref10.c",
	"crypto_scalarmult/curve25519/scalarmult_curve25519.c",
	"crypto_sign/ed25519/ref10/keypair.c",
	"crypto_sign/ed25519/ref10/open.c",
	"crypto_sign/ed25519/ref10/sign.c",
	"crypto_stream/chacha20/ref/chacha20_ref.c",
	"crypto_stream/chacha20/stream_chacha20.c",
	"crypto_verify/sodium/verify.c",
	"sodium/utils.c",
];
const FLAGS = [
	"-mcpu=cortex-m55",
	"-mfloat-abi=hard",
	"-mthumb",
	"-O2",
	"-fno-tree-vectorize",
	"-ffunction-sections",
	"-fdata-sections",
	"-std=gnu11",
	"-w",
	"-DCONFIGURED=1",
	"-DHAVE_C_VARARRAYS=1",
	"-DHAVE_WEAK_SYMBOLS=1",
	"-DNATIVE_LITTLE_ENDIAN=1",
	"-DSODIUM_STATIC=1",
];
/** The stream ciphers' loops run out of registers when the compiler schedules them; the curves' get slower without. */
const UNSCHEDULED = new Set(["chacha20_ref.c", "poly1305_donna.c", "hash_sha256_cp.c"]);
const COMPILER = "arm-none-eabi-gcc";

const dist = fileURLToPath(new URL("../../dist/mps3-an547", import.meta.url));

/**
 * The library.
 * @typedef {object} Libsodium
 * @property {string} archive path of `libsodium.a`
 * @property {string} include folder for `#include <sodium/…>`
 * @property {string} licence path of its licence
 * @property {string} version Debian's, for example 1.0.18-1+deb12u1
 * @property {string} sha256 of the archive, in hex
 */

/** What the library is made from, besides its sources. */
function recipe() {
	const compiler = execFileSync(COMPILER, ["--version"], { encoding: "utf8" });
	return createHash("sha256")
		.update(readFileSync(fileURLToPath(import.meta.url)))
		.update(compiler)
		.digest("hex");
}

/** The library in a folder that `build` made. */
function described(folder) {
	const { version, sha256 } = JSON.parse(readFileSync(join(folder, "libsodium.json"), "utf8"));
	return {
		archive: join(folder, "libsodium.a"),
		include: join(folder, "include"),
		licence: join(folder, "LICENSE"),
		version,
		sha256,
	};
}

/** Fetches and unpacks the source package; its folder and version. */
function fetchSources(scratch) {
	if (!hasSourcePackage("libsodium"))
		throw new Error("apt does not offer the source package libsodium: run npm run mcu:setup");
	execFileSync("apt-get", ["source", "--download-only", "-qq", "-oAPT::Sandbox::User=root", "libsodium"], {
		cwd: scratch,
		stdio: ["ignore", "ignore", "inherit"],
	});
	const files = readdirSync(scratch);
	const description = files.find((name) => name.endsWith(".dsc"));
	if (description === undefined) throw new Error("apt-get source libsodium left no .dsc");
	const original = files.includes(ORIGINAL) ? readFileSync(join(scratch, ORIGINAL)) : "";
	if (createHash("sha256").update(original).digest("hex") !== ORIGINAL_SHA256)
		throw new Error(`${description} is not made from the ${ORIGINAL} that is known here`);
	const sources = join(scratch, "sources");
	execFileSync("dpkg-source", ["--require-strong-checksums", "-x", description, sources], {
		cwd: scratch,
		stdio: ["ignore", "ignore", "pipe"],
	});
	return { sources, version: description.slice("libsodium_".length, -".dsc".length) };
}

/** Compiles, as many at a time as there are processors; the object files. */
async function compileAll(sources, objects) {
	const root = join(sources, "src", "libsodium");
	const queue = [...SOURCES];
	const worker = async () => {
		for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
			const args = [
				...FLAGS,
				...(UNSCHEDULED.has(basename(name)) ? ["-fno-schedule-insns"] : []),
				`-ffile-prefix-map=${root}=libsodium`,
				`-I${join(root, "include", "sodium")}`,
				"-c",
				join(root, name),
				"-o",
				join(objects, `${basename(name)}.o`),
			];
			const status = await new Promise((resolve, reject) => {
				const child = spawn(COMPILER, args, { stdio: ["ignore", "inherit", "inherit"] });
				child.once("error", reject);
				child.once("close", resolve);
			});
			if (status !== 0) throw new Error(`${name} of libsodium does not compile`);
		}
	};
	await Promise.all(Array.from({ length: availableParallelism() }, worker));
	return SOURCES.map((name) => join(objects, `${basename(name)}.o`));
}

/** Builds the library into a folder, whole or not at all. */
async function build(folder) {
	mkdirSync(dist, { recursive: true });
	const scratch = mkdtempSync(join(dist, ".libsodium-"));
	try {
		const { sources, version } = fetchSources(scratch);
		const objects = join(scratch, "objects");
		const result = join(scratch, "result");
		mkdirSync(objects);
		mkdirSync(result);
		const archive = join(result, "libsodium.a");
		execFileSync("arm-none-eabi-ar", ["rcsD", archive, ...(await compileAll(sources, objects))]);
		renameSync(join(sources, "src", "libsodium", "include"), join(result, "include"));
		renameSync(join(sources, "LICENSE"), join(result, "LICENSE"));
		const sha256 = createHash("sha256").update(readFileSync(archive)).digest("hex");
		writeFileSync(join(result, "libsodium.json"), JSON.stringify({ version, sha256 }));
		if (!existsSync(folder)) renameSync(result, folder);
		for (const name of readdirSync(dist))
			if (name.startsWith("libsodium-") && name !== basename(folder))
				rmSync(join(dist, name), { recursive: true, force: true });
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

/**
 * The library, built if it is not there yet.
 * @returns {Promise<Libsodium>}
 * @throws Error when the sources cannot be had or do not compile
 */
export async function libsodium() {
	const folder = join(dist, `libsodium-${recipe().slice(0, 16)}`);
	if (!existsSync(folder)) await build(folder);
	return described(folder);
}
