import { describePolicy, type PolicyRules } from "./prose.ts";

/** A policy as plain text: sections, and under each its statements with the topics aligned. */
export function renderPolicyText(policy: PolicyRules): string {
	const sections = describePolicy(policy).map(({ title, statements }) => {
		const width = Math.max(...statements.map(({ topic }) => topic.length));
		const lines = statements.map(({ topic, says }) => `  ${topic.padEnd(width)}  ${says}`);
		return [title, ...lines].join("\n");
	});
	return sections.join("\n\n");
}

/** A policy as Markdown: a table a section, with the field each statement comes from. */
export function renderPolicyMarkdown(policy: PolicyRules): string {
	const sections = describePolicy(policy).map(({ title, statements }) => {
		const rows = statements.map(
			({ topic, says, field }) => `| ${cell(topic)} | ${cell(says)} | \`${field}\` |`,
		);
		return [`## ${title}`, "", "| | | field |", "|---|---|---|", ...rows].join("\n");
	});
	return `${[`# ${policy.title}`, ...sections].join("\n\n")}\n`;
}

function cell(text: string): string {
	return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}
