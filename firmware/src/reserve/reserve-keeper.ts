import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { Fault } from "@bodycam/protocol/camera/terms";
import type { Battery } from "../hal/battery.ts";
import { DecisionMachine } from "../state/decision-table.ts";
import { type ReserveInput, type ReserveState, reserveTable } from "./table.ts";

/** Minutes above the limit at which a warning may come again: a value that trembles warns once. */
const MARGIN_MINUTES = 5;

/** What the policy keeps in reserve. */
export interface ReserveRule {
	/** Warns at this many minutes of recording left in the battery. */
	readonly lowBatteryMinutes: number;
	/** Warns at this many minutes of recording left on the card. */
	readonly lowCardMinutes: number;
}

/** How much room the card has. */
export interface CardRoom {
	/** Whether a card is there and can be written. */
	readonly usable: boolean;
	/** Bytes free. */
	readonly freeBytes: number;
	/** Bit rate of a recording now, bit/s; 0 while unknown. */
	readonly bitRate: number;
}

/** Options of `ReserveKeeper`. */
export interface ReserveKeeperOptions {
	/** The battery gauge. */
	readonly battery: Pick<Battery, "read">;
	/** The card. */
	readonly card: () => CardRoom;
	/** What is kept in reserve; undefined: there is no policy, and only what is empty is told. */
	readonly rule: () => ReserveRule | undefined;
	/** Takes the alarms. */
	readonly faults: { set(fault: Fault, active: boolean, detail?: string): void };
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** What is left of the battery is for closing a recording. */
	readonly onEmpty: () => void;
}

/** Keeps battery and card in minutes of recording, and warns while there is time to act, once per threshold. */
export class ReserveKeeper {
	private readonly options: ReserveKeeperOptions;
	private readonly machine = new DecisionMachine(reserveTable);
	private batteryLow = false;
	private cardLow = false;
	private told = "";

	/** @param options - see `ReserveKeeperOptions` */
	constructor(options: ReserveKeeperOptions) {
		this.options = options;
	}

	/** What is most pressing. */
	get state(): ReserveState {
		return this.machine.state;
	}

	/** Whether the battery gives nothing any more. */
	get batteryEmpty(): boolean {
		const reading = this.options.battery.read();
		return reading !== undefined && !reading.charging && reading.minutesLeft === 0;
	}

	/** Minutes of recording that fit the card now; undefined while the bit rate is unknown. */
	get cardMinutes(): number | undefined {
		const { usable, freeBytes, bitRate } = this.options.card();
		return usable && bitRate > 0 ? Math.floor((freeBytes * 8) / bitRate / 60) : undefined;
	}

	/** The battery has a new reading. */
	batteryRead(): void {
		const reading = this.options.battery.read();
		if (reading === undefined) return;
		const { percent, charging, minutesLeft } = reading;
		const summary = `${percent} ${charging}`;
		if (summary !== this.told) this.options.emit({ type: "battery", percent, charging, minutesLeft });
		this.told = summary;
		this.check();
	}

	/** Battery, card, bit rate or policy may have changed. */
	check(): void {
		const { battery, rule, faults, emit } = this.options;
		const limits = rule();
		const reading = battery.read();
		const minutes = reading === undefined || reading.charging ? undefined : reading.minutesLeft;
		const cardMinutes = this.cardMinutes;
		this.batteryLow = low(minutes, limits?.lowBatteryMinutes, this.batteryLow);
		this.cardLow = low(cardMinutes, limits?.lowCardMinutes, this.cardLow);
		const empty = minutes === 0 || cardMinutes === 0;
		const before = this.state;
		const step = this.machine.handle(pressing(empty, this.batteryLow, this.cardLow));
		if (this.state !== before) {
			emit({ type: "reserve", state: this.state, batteryMinutes: reading?.minutesLeft, cardMinutes });
		}
		const left = (count: number | undefined) => `${count ?? 0} minutes of recording left`;
		faults.set("battery-low", this.batteryLow, this.batteryLow ? left(minutes) : undefined);
		faults.set("card-low", this.cardLow, this.cardLow ? left(cardMinutes) : undefined);
		faults.set("battery-empty", minutes === 0);
		if (step?.action === "save" && minutes === 0) this.options.onEmpty();
	}
}

function low(minutes: number | undefined, limit: number | undefined, before: boolean): boolean {
	if (minutes === undefined || limit === undefined) return false;
	return minutes <= (before ? limit + MARGIN_MINUTES : limit);
}

function pressing(empty: boolean, batteryLow: boolean, cardLow: boolean): ReserveInput {
	if (empty) return "empty";
	if (batteryLow) return "battery-low";
	return cardLow ? "card-low" : "enough";
}
