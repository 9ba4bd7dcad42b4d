import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { WearerStatus } from "@bodycam/protocol/camera/wearer";
import { sameBytes, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { type Assignment, validityObstacle, verifyAssignment } from "@bodycam/protocol/wearer/assignment";
import type { WearerObstacle, WearerState, WithdrawalSource } from "@bodycam/protocol/wearer/terms";
import type { KeyValue } from "../hal/key-value.ts";
import type { Log } from "../hal/log.ts";
import type { Timer, Timers } from "../hal/timers.ts";
import { DecisionMachine } from "../state/decision-table.ts";
import { dateObstacle, type WearerRule, wearerObstacle } from "./obstacle.ts";
import { refusalIn, WearerRefusal } from "./refusal.ts";
import {
	decodeStoredWearer,
	encodeStoredWearer,
	NO_WEARER,
	type StoredWearer,
	WEARER_KEY,
} from "./stored-wearer.ts";
import { wearerTable } from "./table.ts";
import { ValidityWatch } from "./validity-watch.ts";

/** Time until a withdrawal that could not be stored is stored again, µs. */
const RETRY = 10_000_000;

/** Who may assign: the agency the camera belongs to. */
export interface AssignmentAuthority {
	/** Name of the agency. */
	readonly agency: string;
	/** Its policy-signing key. */
	readonly publicKey: Uint8Array;
}

/** Options of `WearerKeeper`. */
export interface WearerKeeperOptions {
	/** Where the assignment is kept. */
	readonly keyValue: Pick<KeyValue, "read" | "write">;
	/** Clock and timers. */
	readonly timers: Timers;
	/** Wall clock, ms since 1970 UTC; undefined while unset. */
	readonly wallClock: () => number | undefined;
	/** Serial number of the camera. */
	readonly serial: string;
	/** Who may assign; undefined while the camera belongs to no agency. */
	readonly authority: () => AssignmentAuthority | undefined;
	/** Checks signatures. */
	readonly crypto: TrustCrypto;
	/** What the policy asks for. */
	readonly rule: () => WearerRule;
	/** Whether a recording is under way. */
	readonly recording: () => boolean;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The log. */
	readonly log: Log;
	/**
	 * What `obstacle` depends on has changed. @param withdrawn - the consent has just been withdrawn: a recording is
	 * to end at once
	 */
	readonly onChange: (withdrawn: boolean) => void;
}

/**
 * Keeps who wears the camera: takes signed assignments, knows whether they cover this moment, and lets the consent
 * be withdrawn at any time. A change counts once it is stored; a withdrawal counts at once.
 */
export class WearerKeeper {
	private readonly options: WearerKeeperOptions;
	private readonly watch: ValidityWatch;
	private readonly retry: Timer;
	private machine = new DecisionMachine(wearerTable);
	private current: Assignment | undefined;
	private document: Uint8Array | undefined;
	private lastNumber = 0;
	/** Withdrawals so far. */
	private withdrawals = 0;
	/** A withdrawal counts that is not stored yet. */
	private unsaved = false;
	private last: Promise<unknown> = Promise.resolve();

	/** @param options - see `WearerKeeperOptions` */
	constructor(options: WearerKeeperOptions) {
		const { emit, timers } = options;
		this.options = options;
		this.watch = new ValidityWatch({ timers, emit, onDue: () => this.reconsider() });
		this.retry = timers.create(() => void this.inTurn(() => this.saveWithdrawal()));
	}

	/** State of the wearer table. */
	get state(): WearerState {
		return this.machine.state;
	}

	/** The assignment in force. */
	get assignment(): Assignment | undefined {
		return this.current;
	}

	/** Why nothing may be recorded as far as the wearer goes; undefined when something may. */
	get obstacle(): WearerObstacle | undefined {
		return wearerObstacle(this, this.options.rule(), this.options.wallClock());
	}

	/** Everything that is known about the wearer. */
	status(): WearerStatus {
		const { assignment, lastNumber, obstacle, state } = this;
		if (assignment === undefined) return { state, lastNumber, obstacle };
		const { number, wearer, notBefore, notAfter, consent, training } = assignment;
		const dates = {
			notBefore,
			notAfter,
			consentUntil: consent.validUntil,
			trainingUntil: training.validUntil,
		};
		return { state, lastNumber, obstacle, assignment: { number, wearer, ...dates } };
	}

	/** Reads what was kept, once it is known whose camera it is. A document that no longer counts is left out. */
	load(): Promise<void> {
		return this.inTurn(async () => {
			const { document, lastNumber, state } = await this.read();
			this.lastNumber = lastNumber;
			if (document === undefined) this.enter(state === "withdrawn" ? state : "unassigned");
			else
				try {
					this.enter(state, this.verify(document), document);
				} catch (error) {
					this.tellRefusal(error);
				}
			this.reconsider();
		});
	}

	/**
	 * Takes a signed assignment. The same document again changes nothing while it is in force.
	 * @throws {WearerRefusal} with an `AssignmentRefusal`; what was in force before stays in force
	 */
	assign(document: Uint8Array): Promise<WearerStatus> {
		return this.inTurn(async () => {
			if (this.document === undefined || !sameBytes(document, this.document)) {
				try {
					await this.take(document);
				} catch (error) {
					throw this.tellRefusal(error);
				}
			}
			return this.status();
		});
	}

	/**
	 * Withdraws the consent, at once and without a reason. It counts even when it cannot be stored: that is tried
	 * again then.
	 * @param source - where it was done
	 */
	withdraw(source: WithdrawalSource): Promise<WearerStatus> {
		this.withdrawals += 1;
		const { assignment } = this;
		if (this.machine.handle("withdraw") !== undefined && assignment !== undefined) {
			this.forget();
			this.options.emit({ type: "wearer-withdrawn", wearer: assignment.wearer, source });
			this.changed(true);
		}
		return this.inTurn(async () => {
			await this.saveWithdrawal();
			return this.status();
		});
	}

	/**
	 * Begins a shift.
	 * @param wearer - refused unless this one is assigned; undefined: whoever is
	 * @throws {WearerRefusal} no-wearer, consent-withdrawn, other-wearer, what the dates say, not-kept
	 */
	checkOut(wearer: string | undefined): Promise<WearerStatus> {
		return this.inTurn(async () => {
			const { assignment, options } = this;
			if (this.machine.decide("check-out") === "refused" || assignment === undefined)
				throw new WearerRefusal(this.state === "withdrawn" ? "consent-withdrawn" : "no-wearer");
			if (wearer !== undefined && wearer !== assignment.wearer) throw new WearerRefusal("other-wearer");
			const why = dateObstacle(assignment, options.rule(), options.wallClock());
			if (why !== undefined) throw new WearerRefusal(why);
			await this.note("check-out", "wearer-checked-out", assignment.wearer);
			return this.status();
		});
	}

	/** Ends a shift. @throws {WearerRefusal} recording, not-kept */
	checkIn(): Promise<WearerStatus> {
		return this.inTurn(async () => {
			const { assignment, options } = this;
			if (assignment === undefined) return this.status();
			if (options.recording()) throw new WearerRefusal("recording");
			await this.note("check-in", "wearer-checked-in", assignment.wearer);
			return this.status();
		});
	}

	/** Looks at the dates again: the clock was set or told, or the policy changed. */
	reconsider(): void {
		this.changed(false);
	}

	private async take(document: Uint8Array): Promise<void> {
		const { emit, recording, wallClock } = this.options;
		const assignment = this.verify(document);
		const { number, wearer, notAfter } = assignment;
		if (number <= this.lastNumber) throw new WearerRefusal("older");
		if (this.machine.decide("assign") === "refused") throw new WearerRefusal("checked-out");
		if (recording()) throw new WearerRefusal("recording");
		const now = wallClock();
		const why = now === undefined ? undefined : validityObstacle(assignment, now);
		if (why !== undefined && why !== "not-yet-valid")
			throw new WearerRefusal(why === "assignment-expired" ? "expired" : why);
		const { withdrawals } = this;
		await this.write({ state: "assigned", lastNumber: number, document });
		this.lastNumber = number;
		// Who withdraws while an assignment is being stored means that one too; the withdrawal's own entry follows.
		if (this.withdrawals !== withdrawals) {
			this.enter("withdrawn");
			this.unsaved = true;
			throw new WearerRefusal("consent-withdrawn");
		}
		this.enter("assigned", assignment, document);
		emit({ type: "wearer-assigned", wearer, assignment: number, notAfter });
		this.reconsider();
	}

	private verify(document: Uint8Array): Assignment {
		const { authority, crypto, serial } = this.options;
		const known = authority();
		if (known === undefined) throw new WearerRefusal("not-provisioned");
		return verifyAssignment(document, { ...known, camera: serial }, crypto);
	}

	private async note(
		input: "check-out" | "check-in",
		type: "wearer-checked-out" | "wearer-checked-in",
		wearer: string,
	): Promise<void> {
		const step = this.machine.peek(input);
		if (step === undefined) return;
		const { document, lastNumber, withdrawals } = this;
		await this.write({ state: step.to, lastNumber, document });
		// Withdrawn in the meantime: the withdrawal's own entry follows.
		if (this.withdrawals !== withdrawals) return;
		this.machine.handle(input);
		this.options.emit({ type, wearer });
		this.reconsider();
	}

	private enter(state: WearerState, assignment?: Assignment, document?: Uint8Array): void {
		this.machine = new DecisionMachine({ ...wearerTable, initial: state });
		this.current = assignment;
		this.document = document;
	}

	private forget(): void {
		this.current = undefined;
		this.document = undefined;
		this.unsaved = true;
	}

	private changed(withdrawn: boolean): void {
		this.watch.look(this.assignment, this.options.wallClock());
		this.options.onChange(withdrawn);
	}

	/** Tells why an assignment is not taken; returns what is to be thrown. */
	private tellRefusal(error: unknown): unknown {
		const why = refusalIn(error);
		if (why === undefined) return error;
		this.options.emit({ type: "wearer-assignment-refused", why });
		return new WearerRefusal(why, error instanceof TrustError ? error.message : undefined);
	}

	private async saveWithdrawal(): Promise<void> {
		if (!this.unsaved) return;
		try {
			await this.write({ state: "withdrawn", lastNumber: this.lastNumber });
			this.unsaved = false;
		} catch (error) {
			if (!(error instanceof WearerRefusal)) throw error;
			this.retry.start(RETRY);
		}
	}

	private async read(): Promise<StoredWearer> {
		try {
			return decodeStoredWearer(await this.options.keyValue.read(WEARER_KEY));
		} catch (error) {
			this.options.log.write("error", `who wears the camera cannot be read: ${String(error)}`);
			return NO_WEARER;
		}
	}

	private async write(stored: StoredWearer): Promise<void> {
		try {
			await this.options.keyValue.write(WEARER_KEY, encodeStoredWearer(stored));
		} catch (error) {
			this.options.log.write("error", `who wears the camera cannot be stored: ${String(error)}`);
			throw new WearerRefusal("not-kept");
		}
	}

	private inTurn<T>(work: () => Promise<T>): Promise<T> {
		const result = this.last.then(work);
		this.last = result.catch(() => undefined);
		return result;
	}
}
