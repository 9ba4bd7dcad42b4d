/** Options of the front display. Callbacks are never invoked inside a method. */
export interface DisplayOptions {
	/** The text last given is shown. */
	onShown?(): void;
}

/** The display that faces the public: a few lines of text. */
export interface Display {
	/** Shows lines of text, separated by LF; replaces what was there. Text beyond 512 bytes of UTF-8 is cut. */
	show(text: string): void;
	/** Clears the display. Idempotent; nothing is called afterwards. */
	close(): void;
}
