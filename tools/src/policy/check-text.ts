import { checkPolicy, type PolicyCheck } from "@bodycam/protocol/policy/check";
import type { PolicyProblem } from "@bodycam/protocol/policy/problem";
import { MOMENTS } from "@bodycam/protocol/policy/text-form";

const LINE_FEED = 0x0a;

/**
 * Checks what people wrote: as a camera does, and besides what only a text can get wrong. Texts are shown on cameras,
 * on terminals and to officers, where control characters would steer what shows them; half a surrogate pair has no
 * UTF-8 (RFC 3629 section 3), and so cannot be signed.
 * @param value - a text form, read with `fromTextForm`
 */
export function checkText(value: unknown): PolicyCheck {
	const { policy, problems } = checkPolicy(value);
	if (policy === undefined)
		return { policy, problems: problems.map((problem) => explainMoment(problem, value)) };
	const unfit = unfitTexts(policy, "");
	return unfit.length === 0 ? { policy, problems: [] } : { policy: undefined, problems: unfit };
}

/** What a camera says of a moment is about its milliseconds, which nobody wrote. */
function explainMoment(problem: PolicyProblem, form: unknown): PolicyProblem {
	const moment = MOMENTS.find((name) => name === problem.field);
	if (moment === undefined || typeof (form as Record<string, unknown>)[moment] !== "string") return problem;
	return { field: moment, says: "has to be a moment like 2026-03-01T00:00:00Z, or a day like 2026-03-01" };
}

function unfitTexts(value: unknown, path: string): PolicyProblem[] {
	if (typeof value === "string") {
		const says = unfit(value);
		return says === undefined ? [] : [{ field: path, says }];
	}
	if (Array.isArray(value)) return value.flatMap((item, index) => unfitTexts(item, `${path}[${index}]`));
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, item]) =>
		unfitTexts(item, path === "" ? key : `${path}.${key}`),
	);
}

function unfit(text: string): string | undefined {
	for (let index = 0; index < text.length; index++) {
		const code = text.codePointAt(index) ?? 0;
		if (code > 0xffff) index += 1;
		else if (code >= 0xd800 && code < 0xe000) return `has half a character at position ${index}`;
		else if ((code < 0x20 && code !== LINE_FEED) || (code >= 0x7f && code < 0xa0))
			return `has a control character at position ${index}`;
	}
	return undefined;
}
