import { integer, map, optional, text, uint } from "../schema/schema.ts";
import { parse } from "../schema/validate.ts";

/** Most bytes of the text of an error answer. */
export const REASON_BYTES_MAX = 255;

const reason = optional(text(REASON_BYTES_MAX, { doc: "text the device added" }));

/** An error of the protocol, and in v1 of a group as well. */
export const protocolErrorAnswer = map(
	{ rc: integer(-0x8000_0000, 0x7fff_ffff, { doc: "return code; 0 is none" }), rsn: reason },
	{
		name: "protocol-error",
		doc: "answer to a request that failed: an error of the protocol; in v1 every error",
	},
);

/** An error of a group in v2. */
export const groupErrorAnswer = map(
	{
		err: map({
			group: uint({ max: 0xffff }),
			rc: uint({ max: 0xffff, doc: "code within the group; 0 is none" }),
		}),
		rsn: reason,
	},
	{ name: "group-error", doc: "answer to a request that failed: an error of its group, v2" },
);

/** The longest beginning of a text that an error answer may carry, whole code points only. */
export function cutReason(text: string): string {
	let bytes = 0;
	let end = 0;
	for (const point of text) {
		const code = point.codePointAt(0) ?? 0;
		bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
		if (bytes > REASON_BYTES_MAX) break;
		end += point.length;
	}
	return text.slice(0, end);
}

/** An error answer: of the protocol (`group` undefined) or of a group. */
export interface ErrorAnswer {
	readonly group: number | undefined;
	readonly code: number;
	/** Text the device added. */
	readonly reason: string | undefined;
}

/**
 * The error a response tells of, if it does.
 * @throws {SchemaError} when it has the keys of an error but not its form
 */
export function errorIn(members: ReadonlyMap<string, unknown>): ErrorAnswer | undefined {
	if (members.has("err")) {
		const { err, rsn } = parse(groupErrorAnswer, members);
		return err.rc === 0 ? undefined : { group: err.group, code: err.rc, reason: rsn };
	}
	if (members.has("rc")) {
		const { rc, rsn } = parse(protocolErrorAnswer, members);
		return rc === 0 ? undefined : { group: undefined, code: rc, reason: rsn };
	}
	return undefined;
}
