import { expect, it } from "vitest";

/** A module without types: it is part of a command. */
interface SourcePackages {
	withSourcePackages(text: string, path: string): string;
}

const { withSourcePackages }: SourcePackages = await import(
	new URL("source-packages.mjs", import.meta.url).href
);

const DEB822 = `Types: deb
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

# the security archive
Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
`;

it("adds source packages to each stanza of a deb822 file and changes nothing else", () => {
	const after = withSourcePackages(DEB822, "/etc/apt/sources.list.d/debian.sources");
	expect(after).toBe(DEB822.replaceAll("Types: deb\n", "Types: deb deb-src\n"));
});

it("leaves a file that offers them as it is", () => {
	const once = withSourcePackages(DEB822, "debian.sources");
	expect(withSourcePackages(once, "debian.sources")).toBe(once);
});

it("leaves a stanza that is switched off as it is", () => {
	const off = "Enabled: no\nTypes: deb\nURIs: http://example.org\n";
	expect(withSourcePackages(`${off}\n${DEB822}`, "debian.sources")).toMatch(off);
});

it("adds a line to each source of a file with one source a line, once", () => {
	const path = "/etc/apt/sources.list";
	const before =
		"# Debian\ndeb [signed-by=/k.gpg] http://mirror.example/debian bookworm main\n#deb http://x y z\n";
	const after =
		"# Debian\ndeb [signed-by=/k.gpg] http://mirror.example/debian bookworm main\n" +
		"deb-src [signed-by=/k.gpg] http://mirror.example/debian bookworm main\n#deb http://x y z\n";
	expect(withSourcePackages(before, path)).toBe(after);
	expect(withSourcePackages(after, path)).toBe(after);
});
