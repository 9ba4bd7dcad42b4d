import { type CrashRecord, crashRecord } from "@bodycam/protocol/camera/log";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { type Infer, map, optional, uint } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import { cutReason } from "@bodycam/protocol/smp/error-answer";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";

/** Key of the last crash record (CBOR map). */
export const CRASH_KEY = "crash";

const stored = map({
	crash: crashRecord,
	boots: optional(uint({ doc: "boots of the camera when it was kept" })),
});

/** Options of `CrashKeeper`. */
export interface CrashKeeperOptions {
	/** Where the record is kept. */
	readonly keyValue: Pick<KeyValue, "read" | "write">;
	/** The log. */
	readonly log: Log;
	/** What the last run died of, if it died. */
	readonly crash: CrashRecord | undefined;
	/** Boots of the camera, this one included; undefined when they cannot be counted. */
	readonly boots: Promise<number | undefined>;
}

/** Keeps what the firmware died of the last time it died, until it dies again. */
export class CrashKeeper {
	private readonly options: CrashKeeperOptions;
	private last: Promise<Infer<typeof stored> | undefined>;

	/** Keeps a new record at once. @param options - see `CrashKeeperOptions` */
	constructor(options: CrashKeeperOptions) {
		this.options = options;
		this.last = options.crash === undefined ? this.load() : this.keep(options.crash);
	}

	/** The last crash, and how many boots there were since, this one included. */
	async read(): Promise<{ crash?: CrashRecord; bootsSince?: number }> {
		const last = await this.last;
		if (last === undefined) return {};
		const boots = await this.options.boots;
		const { crash, boots: then } = last;
		if (boots === undefined || then === undefined) return { crash };
		return { crash, bootsSince: Math.max(1, boots - then + 1) };
	}

	private async keep(crash: CrashRecord): Promise<Infer<typeof stored>> {
		const boots = await this.options.boots;
		const record = boots === undefined ? { crash } : { crash, boots };
		try {
			await this.options.keyValue.write(CRASH_KEY, encodeCbor(record));
		} catch (error) {
			this.options.log.write("error", `the crash record cannot be kept: ${String(error)}`);
		}
		return record;
	}

	private async load(): Promise<Infer<typeof stored> | undefined> {
		try {
			const bytes = await this.options.keyValue.read(CRASH_KEY);
			return bytes && parse(stored, decodeCbor(bytes));
		} catch (error) {
			this.options.log.write("error", `the crash record cannot be read: ${String(error)}`);
			return undefined;
		}
	}
}

/** Most characters of a crash that an event tells: of its message, and of the line where it was. */
const MESSAGE_TOLD = 140;
const WHERE_TOLD = 60;

/** A crash in few words, as the event of the next boot tells it. */
export function textOfCrash({ message, stack }: CrashRecord): string {
	const first = stack.split("\n").find((line) => line.includes("firmware.js:"));
	const where = first === undefined ? "" : first.trim();
	return cutReason(`${message.slice(0, MESSAGE_TOLD)} ${where.slice(0, WHERE_TOLD)}`.trim());
}
