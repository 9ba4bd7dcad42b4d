/**
 * The header of a firmware artefact, as `runtime/common/artefact.h` lays it out.
 */

/** What the header says. */
export interface ArtefactHeader {
	/** Version of the global `native` and of the board records. */
	readonly abi: number;
	/** Version of XS: major, minor, patch. */
	readonly engine: readonly [major: number, minor: number, patch: number];
	/** Bytes of the names. */
	readonly namesBytes: number;
	/** Bytes of the code. */
	readonly codeBytes: number;
}

/** "XSBC". */
const MAGIC = 0x4342_5358;

/** Bytes of the header. */
export const ARTEFACT_HEADER_BYTES = 24;

/** Reads the header of an artefact; undefined when it is none, or its sizes are not those of the file. */
export function readArtefactHeader(bytes: Uint8Array): ArtefactHeader | undefined {
	if (bytes.length < ARTEFACT_HEADER_BYTES) return undefined;
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const namesBytes = view.getUint32(12, true);
	const codeBytes = view.getUint32(16, true);
	if (view.getUint32(0, true) !== MAGIC) return undefined;
	if (bytes.length !== ARTEFACT_HEADER_BYTES + namesBytes + codeBytes) return undefined;
	return {
		abi: view.getUint16(6, true),
		engine: [view.getUint8(8), view.getUint8(9), view.getUint8(10)],
		namesBytes,
		codeBytes,
	};
}
