import { ImageError } from "./image-error.ts";
import type { ImageVersion } from "./version.ts";

/**
 * The header of an MCUboot image (`bootutil/image.h`, `struct image_header`): 32 bytes, little-endian.
 *
 * | at | field |
 * |---|---|
 * | 0 | u32 magic 0x96f3b83d |
 * | 4 | u32 load address |
 * | 8 | u16 bytes of the header, padding included |
 * | 10 | u16 bytes of the protected TLV area |
 * | 12 | u32 bytes of the body |
 * | 16 | u32 flags |
 * | 20 | u8 major, u8 minor, u16 revision, u32 build number |
 * | 28 | u32 padding |
 */
export interface ImageHeader {
	/** Bytes from the beginning to the body, at least `IMAGE_HEADER_BYTES`. */
	readonly headerBytes: number;
	/** Bytes of the protected TLV area, its own header included; 0 without one. */
	readonly protectedBytes: number;
	/** Bytes of the body. */
	readonly bodyBytes: number;
	readonly version: ImageVersion;
}

/** Magic number of an image. */
export const IMAGE_MAGIC = 0x96f3_b83d;

/** Bytes of a header without padding. */
export const IMAGE_HEADER_BYTES = 32;

/** Writes a header at the start of `bytes`; what is not in `header` (load address, flags, padding) is 0. */
export function writeImageHeader(bytes: Uint8Array, header: ImageHeader): void {
	const view = viewOf(bytes);
	const { headerBytes, protectedBytes, bodyBytes, version } = header;
	view.setUint32(0, IMAGE_MAGIC, true);
	view.setUint32(4, 0, true);
	view.setUint16(8, headerBytes, true);
	view.setUint16(10, protectedBytes, true);
	view.setUint32(12, bodyBytes, true);
	view.setUint32(16, 0, true);
	view.setUint8(20, version.major);
	view.setUint8(21, version.minor);
	view.setUint16(22, version.revision, true);
	view.setUint32(24, version.build, true);
	view.setUint32(28, 0, true);
}

/**
 * Reads the header at the start of `bytes`. Images that are encrypted, compressed or to be loaded elsewhere (flags, a
 * load address) are not for this boot stage.
 * @throws {ImageError} truncated, wrong-magic, bad-header
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader {
	if (bytes.length < 4) throw cutShort(bytes, IMAGE_HEADER_BYTES, "header");
	const view = viewOf(bytes);
	const magic = view.getUint32(0, true);
	if (magic !== IMAGE_MAGIC)
		throw new ImageError(
			"wrong-magic",
			`the image begins with 0x${hex32(magic)}, not with MCUboot's magic number 0x${hex32(IMAGE_MAGIC)}`,
		);
	if (bytes.length < IMAGE_HEADER_BYTES) throw cutShort(bytes, IMAGE_HEADER_BYTES, "header");
	const field = (name: string, at: number): void => {
		const value = view.getUint32(at, true);
		if (value !== 0) throw new ImageError("bad-header", `${name} in the header is 0x${hex32(value)}, not 0`);
	};
	const headerBytes = view.getUint16(8, true);
	if (headerBytes < IMAGE_HEADER_BYTES)
		throw new ImageError(
			"bad-header",
			`the size of the header is given as ${headerBytes} bytes; it is at least ${IMAGE_HEADER_BYTES}`,
		);
	field("the load address", 4);
	field("the flags field", 16);
	field("the padding", 28);
	const bodyBytes = view.getUint32(12, true);
	if (bodyBytes === 0) throw new ImageError("bad-header", "the size of the body is given as 0 bytes");
	return {
		headerBytes,
		protectedBytes: view.getUint16(10, true),
		bodyBytes,
		version: {
			major: view.getUint8(20),
			minor: view.getUint8(21),
			revision: view.getUint16(22, true),
			build: view.getUint32(24, true),
		},
	};
}

/** The error of an image that ends too early. @param needed - bytes it would have to have @param part - which one ends there */
export function cutShort(bytes: Uint8Array, needed: number, part: string): ImageError {
	return new ImageError(
		"truncated",
		`the image ends after ${bytes.length} bytes, but its ${part} reaches to ${needed}`,
	);
}

/** A view over exactly these bytes. */
export function viewOf(bytes: Uint8Array): DataView {
	return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function hex32(value: number): string {
	return value.toString(16).padStart(8, "0");
}
