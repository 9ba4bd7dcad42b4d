import { returnCodeMeaning } from "./return-code.ts";

/** A request that failed with an SMP return code. */
export class SmpError extends Error {
	override readonly name = "SmpError";
	/** One of `ReturnCode`, or a user code from 256 up. */
	readonly code: number;
	/** What the peer is told besides the code, at most 255 bytes. */
	readonly reason: string | undefined;

	/** Without a reason it says what the code means. */
	constructor(code: number, reason?: string) {
		super(reason ?? returnCodeMeaning(code));
		this.code = code;
		this.reason = reason;
	}
}

/** An error that a group declares: SMP v2 sends `{err: {group, rc}}`, v1 the nearest return code. */
export interface GroupErrorDeclaration {
	readonly group: number;
	/** Code within the group, from 1 up. */
	readonly code: number;
	/** Return code for a v1 peer. */
	readonly legacy: number;
	/** What it means, in words. */
	readonly means: string;
}

/** A request that failed with an error of its group. */
export class GroupError extends Error {
	override readonly name = "GroupError";
	/** What the group declares about it. */
	readonly declaration: GroupErrorDeclaration;
	/** What the peer is told besides the code; cut where it is too long. */
	readonly reason: string | undefined;
	/** Further members of the answer in v2. */
	readonly members: Readonly<Record<string, number>>;

	/**
	 * Takes one of a group's declared errors.
	 * @param reason - in words, where there is more to say than it means
	 * @param members - what the group's error carries besides its code
	 */
	constructor(
		declaration: GroupErrorDeclaration,
		reason?: string,
		members: Readonly<Record<string, number>> = {},
	) {
		super(reason ?? declaration.means);
		this.declaration = declaration;
		this.reason = reason;
		this.members = members;
	}
}

/** Declares the errors of a group. Each entry: code within the group, return code for v1, meaning. */
export function declareErrors<K extends string>(
	group: number,
	errors: Readonly<Record<K, readonly [code: number, legacy: number, means: string]>>,
): Readonly<Record<K, GroupErrorDeclaration>> {
	const declared: Partial<Record<K, GroupErrorDeclaration>> = {};
	for (const key in errors) {
		const [code, legacy, means] = errors[key];
		declared[key] = { group, code, legacy, means };
	}
	return declared as Record<K, GroupErrorDeclaration>;
}
