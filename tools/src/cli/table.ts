/**
 * Rows as aligned text columns under their headings; numbers are aligned to the right.
 * @param headings one a column
 * @param rows cells, as many as headings
 */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
	const widths = headings.map((heading, column) =>
		Math.max(heading.length, ...rows.map((row) => (row[column] ?? "").length)),
	);
	const numeric = headings.map(
		(_, column) => rows.length > 0 && rows.every((row) => isQuantity(row[column] ?? "")),
	);
	return [headings, ...rows]
		.map((row) =>
			widths
				.map((width, column) => {
					const cell = row[column] ?? "";
					return numeric[column] ? cell.padStart(width) : cell.padEnd(width);
				})
				.join("  ")
				.trimEnd(),
		)
		.join("\n");
}

/**
 * Names and values under one another, the values aligned.
 * @param facts name and value; facts without a value are left out
 */
export function formatFacts(facts: readonly (readonly [string, string | undefined])[]): string {
	const known = facts.filter((fact): fact is readonly [string, string] => fact[1] !== undefined);
	const width = Math.max(0, ...known.map(([name]) => name.length));
	return known.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n");
}

function isQuantity(cell: string): boolean {
	return /^[\d.,]+( [A-Za-z/%]+)?$/.test(cell);
}
