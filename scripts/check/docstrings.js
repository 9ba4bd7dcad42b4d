/** @type {RegExp} an exported declaration at the start of a line */
const EXPORTED =
	/^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|let) +([A-Za-z_$][\w$]*)/;

/**
 * Finds exported declarations without a docstring right above them.
 * @param {Map<string, string>} sources - path to text
 * @returns {string[]} one line a problem
 */
export function checkDocstrings(sources) {
	/** @type {string[]} */
	const problems = [];
	for (const [path, text] of sources) {
		const lines = text.split("\n");
		lines.forEach((line, index) => {
			const name = EXPORTED.exec(line)?.[1];
			if (!name || /^export type \{/.test(line)) return;
			if (isOverload(lines, index, name)) return;
			if (!/\*\/\s*$/.test(lines[index - 1] ?? ""))
				problems.push(`${path}:${index + 1}: ${name} has no docstring`);
		});
	}
	return problems;
}

/**
 * A type that shares its name with the constant above it is documented there.
 * @param {string[]} lines
 * @param {number} index
 * @param {string} name
 */
function isOverload(lines, index, name) {
	return lines.slice(0, index).some((line) => EXPORTED.exec(line)?.[1] === name);
}
