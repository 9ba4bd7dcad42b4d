import { viewOf } from "./header.ts";
import { ImageError } from "./image-error.ts";
import { findTlv, type Tlv, TlvType, tlvName } from "./tlv.ts";

/** The engine a body runs on: that of the artefact's header (`firmware/runtime/common/artefact.h`). */
export interface EngineAbi {
	/** Version of the global `native` and of the board records, u16. */
	readonly abi: number;
	/** Version of XS: major, minor, patch, each a u8. Bytecode runs on exactly this one. */
	readonly engine: readonly [major: number, minor: number, patch: number];
}

/** Most characters of a board's name. */
export const BOARD_NAME_MAX = 32;

/** Bytes of a build id: the beginning of a SHA-256. */
export const BUILD_ID_BYTES = 8;

const ENGINE_BYTES = 5;

/** What an image says about itself in its protected area, besides MCUboot's own entries. */
export interface ImageFacts {
	/** Security counter; undefined in an image without one. */
	readonly counter: number | undefined;
	readonly engine: EngineAbi | undefined;
	readonly board: string | undefined;
	/** `BUILD_ID_BYTES` bytes. */
	readonly buildId: Uint8Array | undefined;
}

/**
 * The entries of a protected area.
 * @throws {RangeError} when a value does not fit its entry
 */
export function encodeFacts(facts: Partial<ImageFacts>): Tlv[] {
	const tlvs: Tlv[] = [];
	const { counter, engine, board, buildId } = facts;
	if (counter !== undefined) tlvs.push({ type: TlvType.securityCounter, data: encodeCounter(counter) });
	if (engine !== undefined) tlvs.push({ type: TlvType.engine, data: encodeEngine(engine) });
	if (board !== undefined) tlvs.push({ type: TlvType.board, data: encodeBoard(board) });
	if (buildId !== undefined) {
		if (buildId.length !== BUILD_ID_BYTES)
			throw new RangeError(`a build id has ${BUILD_ID_BYTES} bytes, not ${buildId.length}`);
		tlvs.push({ type: TlvType.buildId, data: buildId });
	}
	return tlvs;
}

/** Reads what a protected area says. @throws {ImageError} bad-tlv */
export function decodeFacts(tlvs: readonly Tlv[]): ImageFacts {
	const counter = findTlv(tlvs, TlvType.securityCounter, 4);
	const engine = findTlv(tlvs, TlvType.engine, ENGINE_BYTES);
	const board = findTlv(tlvs, TlvType.board);
	return {
		counter: counter === undefined ? undefined : viewOf(counter).getUint32(0, true),
		engine: engine === undefined ? undefined : decodeEngine(engine),
		board: board === undefined ? undefined : decodeBoard(board),
		buildId: findTlv(tlvs, TlvType.buildId, BUILD_ID_BYTES),
	};
}

/** An engine for messages: `ABI 1, XS 13.3.0`. */
export function describeEngine({ abi, engine }: EngineAbi): string {
	return `ABI ${abi}, XS ${engine.join(".")}`;
}

/** Whether a body made for one engine runs on the other. */
export function sameEngine(a: EngineAbi, b: EngineAbi): boolean {
	return a.abi === b.abi && a.engine.every((part, index) => part === b.engine[index]);
}

function encodeCounter(counter: number): Uint8Array {
	if (!Number.isInteger(counter) || counter < 0 || counter > 0xffff_ffff)
		throw new RangeError(`a security counter is a whole number from 0 to 4294967295, not ${counter}`);
	const data = new Uint8Array(4);
	viewOf(data).setUint32(0, counter, true);
	return data;
}

function encodeEngine({ abi, engine }: EngineAbi): Uint8Array {
	const data = new Uint8Array(ENGINE_BYTES);
	viewOf(data).setUint16(0, abi, true);
	data.set(engine, 2);
	return data;
}

function decodeEngine(data: Uint8Array): EngineAbi {
	const [low = 0, high = 0, major = 0, minor = 0, patch = 0] = data;
	return { abi: low | (high << 8), engine: [major, minor, patch] };
}

function encodeBoard(board: string): Uint8Array {
	const data = Uint8Array.from(board, (character) => character.codePointAt(0) ?? 0);
	if (!isBoardName(data) || data.length !== board.length)
		throw new RangeError(`the name of a board has 1 to ${BOARD_NAME_MAX} visible ASCII characters`);
	return data;
}

function decodeBoard(data: Uint8Array): string {
	if (!isBoardName(data))
		throw new ImageError(
			"bad-tlv",
			`the entry ${tlvName(TlvType.board)} is no name of 1 to ${BOARD_NAME_MAX} visible ASCII characters`,
		);
	return String.fromCharCode(...data);
}

function isBoardName(data: Uint8Array): boolean {
	return data.length > 0 && data.length <= BOARD_NAME_MAX && data.every((code) => code > 0x20 && code < 0x7f);
}
