/** How grave a line of the log is. */
export type LogLevel = "debug" | "info" | "warning" | "error";

/** The log: lines of text for people. Personal data has no place in it. */
export interface Log {
	/** Adds a line. */
	write(level: LogLevel, text: string): void;
}
