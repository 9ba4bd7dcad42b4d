import type { Demand } from "@bodycam/protocol/camera/capture-terms";
import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import { decodeCbor, encodeCbor } from "@bodycam/protocol/cbor/codec";
import { array, boolean, choice, type Infer, map, uint } from "@bodycam/protocol/schema/schema";
import { parse } from "@bodycam/protocol/schema/validate";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";

/** Name of the key-value entry that holds them. */
export const DEMANDS_KEY = "demands";

/** Most demands that are kept; the oldest goes first, its recording says in the log that it never was answered. */
const DEMANDS_MAX = 64;

const demands = array(
	map({
		recording: uint(),
		what: choice(["reason", "authorisation"]),
		danger: boolean(),
	}),
	DEMANDS_MAX,
);

/** Something the wearer owes for a recording. */
export type OpenDemand = Infer<typeof demands>[number];

/** Options of `Demands`. */
export interface DemandsOptions {
	/** Where they outlast a restart. */
	readonly keyValue: Pick<KeyValue, "read" | "write">;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** Where a failure to keep them is told. */
	readonly log: Log;
}

/** What the wearer owes after a recording: a reason, or who authorised it. Kept until it is given. */
export class Demands {
	private readonly options: DemandsOptions;
	private list: OpenDemand[] = [];
	private saving: Promise<boolean> = Promise.resolve(true);

	/** @param options - see `DemandsOptions` */
	constructor(options: DemandsOptions) {
		this.options = options;
	}

	/** Those that are open, oldest first. */
	get open(): readonly OpenDemand[] {
		return this.list;
	}

	/** Reads those of an earlier run; what is damaged counts as none, and the log says so. */
	async load(): Promise<void> {
		const { keyValue, log } = this.options;
		try {
			const bytes = await keyValue.read(DEMANDS_KEY);
			if (bytes !== undefined) this.list = [...parse(demands, decodeCbor(bytes)), ...this.list];
		} catch (error) {
			log.write("error", `what the wearer owes cannot be read: ${String(error)}`);
		}
	}

	/** Demands something, once. @param danger - the reason is to justify a skipped announcement */
	demand(recording: number, what: Demand, danger: boolean): void {
		const known = this.list.find((one) => one.recording === recording && one.what === what);
		if (known?.danger === danger || known?.danger === true) return;
		this.list = this.list.filter((one) => one !== known);
		if (this.list.length === DEMANDS_MAX) this.list.shift();
		this.list.push({ recording, what, danger });
		if (known === undefined) this.options.emit({ type: "demanded", recording, what });
		this.save();
	}

	/** What is demanded for a recording. */
	find(recording: number, what: Demand): OpenDemand | undefined {
		return this.list.find((one) => one.recording === recording && one.what === what);
	}

	/** Something was given. @returns whether that is kept; if not, the demand stays */
	async settle(demand: OpenDemand): Promise<boolean> {
		const index = this.list.indexOf(demand);
		if (index < 0) return false;
		this.list.splice(index, 1);
		if (await this.save()) return true;
		this.list.splice(index, 0, demand);
		return false;
	}

	private save(): Promise<boolean> {
		const { keyValue, log } = this.options;
		this.saving = this.saving.then(() =>
			keyValue.write(DEMANDS_KEY, encodeCbor(this.list)).then(
				() => true,
				(error: unknown) => {
					log.write("error", `what the wearer owes cannot be kept: ${String(error)}`);
					return false;
				},
			),
		);
		return this.saving;
	}
}
