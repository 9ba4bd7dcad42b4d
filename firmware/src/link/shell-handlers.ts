import { GroupError } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import {
	SHELL_INVALID,
	SHELL_LINE_MAX,
	SHELL_NOT_FOUND,
	ShellError,
	shellExecute,
	shellLines,
	shellNotFound,
} from "@bodycam/protocol/smp/shell";
import { FileError } from "../files/file-tree.ts";

/** What the shell's commands show. */
export interface ShellServices {
	/** What `kernel version` prints. */
	readonly version: string;
	/** Time since power-on, ms. */
	readonly uptime: () => number;
	/** Files of a folder. @throws {FileError} when there is none */
	readonly list: (folder: string) => readonly string[];
}

interface ShellCommand {
	readonly usage: string;
	run(args: readonly string[]): readonly string[];
}

/** Answers the shell group. No command of this shell changes anything. */
export function registerShellHandlers(server: SmpServer, services: ShellServices): void {
	const commands: readonly ShellCommand[] = [
		{ usage: "help", run: () => commands.map(({ usage }) => usage) },
		{ usage: "kernel version", run: () => [services.version] },
		{ usage: "kernel uptime", run: () => [`Uptime: ${Math.floor(services.uptime())} ms`] },
		{ usage: "fs ls [FOLDER]", run: ([folder = "/"]) => services.list(folder) },
	];
	server.register(shellExecute, ({ argv }) => {
		const line = argv.join(" ");
		if (line.length > SHELL_LINE_MAX) throw new GroupError(ShellError.tooLong);
		const words = line.split(" ").filter((word) => word !== "");
		const [first] = words;
		if (first === undefined) throw new GroupError(ShellError.empty);
		const found = commands.find(({ usage }) => wordsOf(usage).every((word, index) => word === words[index]));
		if (found === undefined) {
			const known = commands.some(({ usage }) => wordsOf(usage)[0] === first);
			return known
				? { o: shellLines([`${first}: wrong parameter; help lists the commands`]), ret: SHELL_INVALID }
				: { o: shellNotFound(first), ret: SHELL_NOT_FOUND };
		}
		try {
			return { o: shellLines(found.run(words.slice(wordsOf(found.usage).length))), ret: 0 };
		} catch (error) {
			if (!(error instanceof FileError)) throw error;
			return { o: shellLines([error.message]), ret: SHELL_INVALID };
		}
	});
}

/** The words of a command without what it takes. */
function wordsOf(usage: string): string[] {
	return usage.split(" ").filter((word) => /^[a-z]/.test(word));
}
