import type { KeyValue } from "../hal/key-value.ts";

/** A key-value store in memory that can fail, or lose its power after so many writes. */
export class FakeKeyValue implements Pick<KeyValue, "read" | "write" | "delete"> {
	/** What is kept. */
	readonly values = new Map<string, Uint8Array>();
	/** Writes and deletions until the power fails: from then on nothing is changed. */
	writesLeft = Number.POSITIVE_INFINITY;

	async read(key: string): Promise<Uint8Array | undefined> {
		return this.values.get(key)?.slice();
	}

	async write(key: string, value: Uint8Array): Promise<void> {
		this.spend();
		this.values.set(key, value.slice());
	}

	async delete(key: string): Promise<void> {
		this.spend();
		this.values.delete(key);
	}

	private spend(): void {
		if (this.writesLeft === 0) throw new Error("input or output error");
		this.writesLeft--;
	}
}
