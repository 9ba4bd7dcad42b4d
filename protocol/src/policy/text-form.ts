import type { Policy } from "./document.ts";

/** Fields that are moments: ms in the document, ISO 8601 with a zone in the text form. */
export const MOMENTS = ["notBefore", "expires"] as const;

const ISO_8601 = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * What people edit: the document as JSON, its moments as `2026-03-01T00:00:00Z`. Members whose names begin with `//`
 * are comments.
 */
export function toTextForm(policy: Policy): Record<string, unknown> {
	const form: Record<string, unknown> = { ...policy };
	for (const field of MOMENTS) form[field] = new Date(policy[field]).toISOString().replace(".000Z", "Z");
	return form;
}

/**
 * The document in a text form, as `checkPolicy` takes it: comments left out, moments in ms. What is not a moment
 * where one belongs stays as it is, for the check to name; a date alone is its first moment in UTC.
 */
export function fromTextForm(form: unknown): unknown {
	const document = withoutComments(form);
	if (typeof document !== "object" || document === null || Array.isArray(document)) return document;
	const members = document as Record<string, unknown>;
	for (const field of MOMENTS) {
		const text = members[field];
		if (typeof text !== "string" || !ISO_8601.test(text)) continue;
		const ms = Date.parse(text);
		if (!Number.isNaN(ms) && isDay(text.slice(0, 10))) members[field] = ms;
	}
	return members;
}

/** Whether there is such a day: `Date.parse` takes the 31st of February for the 3rd of March. */
function isDay(date: string): boolean {
	return new Date(Date.parse(date)).toISOString().startsWith(date);
}

function withoutComments(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutComments);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(
		Object.entries(value)
			.filter(([key]) => !key.startsWith("//"))
			.map(([key, member]) => [key, withoutComments(member)]),
	);
}
