import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { InstalledPolicy, PolicyState, PolicyStatus } from "@bodycam/protocol/camera/policy";
import type { Policy } from "@bodycam/protocol/policy/document";
import {
	openPolicy,
	type PolicyAuthority,
	PolicyRefusal,
	requireValidity,
} from "@bodycam/protocol/policy/signed";
import { type EffectivePolicy, type LocalSettings, tighten } from "@bodycam/protocol/policy/tighten";
import { sameBytes, type TrustCrypto } from "@bodycam/protocol/trust/signed-document";
import type { Timer, Timers } from "../hal/timers.ts";
import { absentPolicy } from "./absent.ts";
import type { PolicyStore } from "./policy-store.ts";

/** Longest time until the validity is looked at again, ms. */
const LOOK_AGAIN_MS = 3_600_000;

/** Longest text of a refusal in an event, UTF-16 code units; at most 200 bytes for what this camera writes. */
const DETAIL_MAX = 120;

/** Options of `PolicyKeeper`. */
export interface PolicyKeeperOptions {
	/** Where the policy is kept. */
	readonly store: Pick<PolicyStore, "read" | "write">;
	/** Who may sign policies; undefined while the camera belongs to no agency. */
	readonly authority: () => PolicyAuthority | undefined;
	/** Digest and signatures. */
	readonly crypto: TrustCrypto;
	/** Languages in which the camera can speak. */
	readonly prompts: ReadonlySet<string>;
	/** Wall clock, ms since 1970 UTC; undefined while unset. */
	readonly wallClock: () => number | undefined;
	/** Clock and timers. */
	readonly timers: Timers;
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** Whether a recording is under way: until it is over nothing changes. */
	readonly recording: () => boolean;
	/** What is in force has changed. */
	readonly onChange: () => void;
}

interface Installed {
	readonly policy: Policy;
	readonly facts: InstalledPolicy;
}

/**
 * Keeps the agency's policy and says what is in force. Only a policy that passes every check replaces the one there
 * is, and never in the middle of a recording.
 */
export class PolicyKeeper {
	private readonly options: PolicyKeeperOptions;
	private readonly timer: Timer;
	private settings: LocalSettings = {};
	private installed: Installed | undefined;
	private storedVersion = 0;
	private inForce: Installed | undefined;
	private current: EffectivePolicy = absentPolicy;
	private currentState: PolicyState = "loading";
	private unusable: "none" | "damaged" = "none";
	private unusableDetail: string | undefined;
	private busy: Promise<unknown> = Promise.resolve();

	/** @param options - see `PolicyKeeperOptions`; nothing is in force until `load` */
	constructor(options: PolicyKeeperOptions) {
		this.options = options;
		this.timer = options.timers.create(() => this.settle());
	}

	/** Whether a policy is in force, and why none is. */
	get state(): PolicyState {
		return this.currentState;
	}

	/** What the camera goes by, local settings applied; while no policy is in force, one that allows nothing. */
	get effective(): EffectivePolicy {
		return this.current;
	}

	/** Digest of the signed document that is in force, 32 bytes. */
	get sha256(): Uint8Array | undefined {
		return this.inForce?.facts.sha256;
	}

	/** What is told about the policy. */
	status(): PolicyStatus {
		const { installed, inForce } = this;
		const waiting = installed !== undefined && inForce !== undefined && inForce !== installed;
		return {
			state: this.currentState,
			...(installed === undefined ? {} : { installed: installed.facts }),
			...(waiting ? { waiting: installed.policy.version } : {}),
		};
	}

	/**
	 * Reads the policy that is kept, and puts it in force if it is good.
	 * @param settings - local settings, which can only tighten it
	 */
	async load(settings: LocalSettings): Promise<void> {
		this.settings = settings;
		try {
			await this.readStored();
		} catch (error) {
			this.unusable = "damaged";
			this.unusableDetail = String(error);
		}
		this.currentState = this.unusable;
		this.change(this.judge(), true);
	}

	/**
	 * Takes another policy if it passes every check; it is stored before it counts.
	 * @throws {PolicyRefusal} why it is not taken; the one there is stays
	 */
	install(signed: Uint8Array): Promise<void> {
		const result = this.busy.then(() => this.take(signed));
		this.busy = result.catch(() => undefined);
		return result;
	}

	/** The signed document that is installed, read from the store. */
	async read(): Promise<Uint8Array | undefined> {
		return this.installed === undefined ? undefined : (await this.options.store.read())?.signed;
	}

	/** Clock, time or recording have changed: a policy that waited comes into force, one that expired goes. */
	settle(): void {
		if (this.currentState !== "loading") this.change(this.judge(), false);
	}

	/** Tells the event stream that a policy was refused. */
	refused({ reason, field, message }: PolicyRefusal): void {
		this.options.emit({
			type: "policy-refused",
			reason,
			detail: message.slice(0, DETAIL_MAX),
			...(field === undefined ? {} : { field: field.slice(0, 80) }),
		});
	}

	private async take(signed: Uint8Array): Promise<void> {
		const { crypto, store, wallClock, prompts, emit } = this.options;
		try {
			const authority = this.options.authority();
			if (authority === undefined)
				throw new PolicyRefusal(
					"not-provisioned",
					"the camera belongs to no agency yet, so it trusts no policy",
				);
			const policy = openPolicy(signed, { authority, now: wallClock(), prompts }, crypto);
			const sha256 = crypto.sha256(signed);
			if (this.installed !== undefined && sameBytes(sha256, this.installed.facts.sha256)) return;
			this.requireNewer(policy);
			await keeping(store.write(signed, policy.version));
			const previous = this.installed?.policy.version;
			this.keep(policy, signed, sha256);
			const effect = this.options.recording() && this.inForce !== undefined ? "after-recording" : "now";
			const { name, version } = policy;
			emit({ type: "policy-installed", name, version, sha256, effect, ...(previous && { previous }) });
			this.settle();
		} catch (error) {
			if (error instanceof PolicyRefusal) this.refused(error);
			throw error;
		}
	}

	private requireNewer({ version }: Policy): void {
		if (version > this.storedVersion) return;
		const message = `version is ${version}, but the camera has version ${this.storedVersion}: versions count up`;
		throw new PolicyRefusal("older", message, "version");
	}

	private async readStored(): Promise<void> {
		this.unusable = "none";
		this.unusableDetail = undefined;
		const authority = this.options.authority();
		const stored = await this.options.store.read();
		if (stored === undefined || authority === undefined) return;
		this.storedVersion = stored.version;
		if (stored.signed === undefined) throw new PolicyRefusal("malformed", "a part of it is missing");
		const { crypto, prompts } = this.options;
		// Its validity comes and goes with the clock; `judge` looks at it.
		const policy = openPolicy(stored.signed, { authority, now: undefined, prompts }, crypto);
		this.keep(policy, stored.signed, crypto.sha256(stored.signed));
	}

	private keep(policy: Policy, { length }: Uint8Array, sha256: Uint8Array): void {
		const { name, version, issuer, notBefore, expires } = policy;
		const facts = { name, version, agency: issuer.agency, notBefore, expires, sha256, bytes: length };
		this.installed = { policy, facts };
		this.storedVersion = version;
		this.unusableDetail = undefined;
	}

	private judge(): PolicyState {
		if (this.installed === undefined) return this.unusable;
		try {
			requireValidity(this.installed.policy, this.options.wallClock());
			return "in-force";
		} catch (error) {
			if (!(error instanceof PolicyRefusal)) throw error;
			return error.reason === "expired" ? "expired" : "not-yet-valid";
		}
	}

	/** Puts in force what `judge` found, unless a recording runs under a policy: then it waits for `settle`. */
	private change(state: PolicyState, told: boolean): void {
		this.lookAgain();
		const next = state === "in-force" ? this.installed : undefined;
		if (!told && state === this.currentState && next === this.inForce) return;
		if (this.inForce !== undefined && this.options.recording()) return;
		this.currentState = state;
		this.inForce = next;
		this.current = next === undefined ? absentPolicy : tighten(next.policy, this.settings);
		this.tell();
		this.options.onChange();
	}

	private tell(): void {
		const { emit } = this.options;
		if (this.inForce === undefined) {
			const detail = this.unusableDetail?.slice(0, DETAIL_MAX);
			emit({ type: "policy-missing", why: this.currentState, ...(detail === undefined ? {} : { detail }) });
			return;
		}
		const { name, version, preRecording } = this.current;
		const { lengthMs: preRecordMs, sound } = preRecording;
		emit({ type: "policy", name, version, preRecordMs, sound });
	}

	private lookAgain(): void {
		const now = this.options.wallClock();
		if (this.installed === undefined || now === undefined) return;
		const { notBefore, expires } = this.installed.policy;
		const next = now < notBefore ? notBefore - now : expires + 1 - now;
		if (next > 0) this.timer.start(Math.min(next, LOOK_AGAIN_MS) * 1000);
	}
}

/** @throws {PolicyRefusal} when it could not be stored */
async function keeping(written: Promise<void>): Promise<void> {
	try {
		await written;
	} catch (error) {
		throw new PolicyRefusal("not-kept", `the camera could not store the policy: ${String(error)}`);
	}
}
