import { type CameraEvent, eventsRead } from "@bodycam/protocol/camera/events";
import { policyInstall } from "@bodycam/protocol/camera/policy";
import { wearerAssign } from "@bodycam/protocol/camera/wearer";
import { issueProfile, type PolicyProfile } from "@bodycam/protocol/policy/profile";
import { signPolicy } from "@bodycam/protocol/policy/signed";
import { signAssignment } from "../agency/demo-assignment.ts";
import { hostCrypto, THROWAWAY_VALIDITY, type ThrowawayAgency } from "../agency/throwaway-agency.ts";
import type { CardMedium } from "../peripherals/card.ts";
import { LinkError } from "../ports/smp-link.ts";
import { type BootedCamera, bootCamera } from "./boot-camera.ts";
import { datedVideo } from "./dated-video.ts";
import { SEQUENCE_POLICIES } from "./sequence-policies.ts";

/** What the clock says when a sequence begins, ms since 1970 UTC. */
const NOON = Date.UTC(2027, 0, 1, 12);

/** Card of a sequence, bytes: room for more minutes than any reserve. */
const CARD = 64 * 1024 ** 2;

/** An edge of the wearer's hand, when a button went down. */
export interface Hand {
	/** Which button. */
	readonly button: "event" | "function";
	/** ms on the board's clock. */
	readonly atMs: number;
}

/** A camera on the engine with what somebody outside of it knows: what hands did, what it was given, what it told. */
export class SequenceCamera {
	/** The camera. */
	readonly booted: BootedCamera;
	/** Buttons that went down. */
	readonly hands: Hand[] = [];
	/** Policies that it was given, by version. */
	readonly policies = new Map<number, PolicyProfile>([[1, SEQUENCE_POLICIES[0]]]);
	/** Events that it told over the link. */
	readonly events: CameraEvent[] = [];
	private readonly agency: ThrowawayAgency;
	private pulled: CardMedium | undefined;
	private version = 1;
	private assignment = 1;

	/** Use `bootSequenceCamera`. */
	constructor(booted: BootedCamera) {
		if (booted.agency === undefined) throw new Error("the camera belongs to nobody");
		this.booted = booted;
		this.agency = booted.agency;
		const { buttons } = booted.board.peripherals;
		const edge = buttons.edge.bind(buttons);
		buttons.edge = (button, pressed) => {
			if (pressed) this.hands.push({ button, atMs: booted.now });
			edge(button, pressed);
		};
	}

	/** Makes presses in a row, each held for so many ms. */
	presses(button: Hand["button"], count: number, heldMs = 120): void {
		const { buttons } = this.booted.board.peripherals;
		for (let index = 0; index < count; index++) buttons.press(button, index * 270, heldMs);
		this.booted.advance((count - 1) * 270 + heldMs);
	}

	/** Takes the card out, where there is one. */
	takeCard(): void {
		this.pulled ??= this.booted.board.peripherals.card.remove();
	}

	/** Puts it in again, where it was taken out. */
	putCard(): void {
		const { pulled } = this;
		if (pulled === undefined) return;
		this.pulled = undefined;
		this.booted.board.peripherals.card.insert(pulled);
	}

	/** Gives it the next version of a policy, valid for so long; it may refuse. */
	install(profile: PolicyProfile, forMs?: number): void {
		const version = ++this.version;
		const now = this.booted.board.peripherals.clock.wallMs;
		const expires = forMs === undefined || now === undefined ? THROWAWAY_VALIDITY.notAfter : now + forMs;
		const { name, evidence } = this.agency;
		const policy = issueProfile(profile, { agency: name, version, notBefore: 0, expires, evidence });
		const signed = signPolicy(policy, this.agency.signers.policySigning, hostCrypto);
		const sha256 = hostCrypto.sha256(signed);
		this.policies.set(version, profile);
		this.ask(() => {
			for (let off = 0; off < signed.length; ) {
				const data = signed.slice(off, off + 2048);
				const { next } = this.booted.client.request(policyInstall, {
					sha256,
					total: signed.length,
					off,
					data,
				});
				off = next;
			}
		});
	}

	/** Gives it a wearer whose training is in date for so long; it may refuse. */
	assign(forMs?: number): void {
		const now = this.booted.board.peripherals.clock.wallMs ?? NOON;
		const { notBefore, notAfter } = THROWAWAY_VALIDITY;
		const document = signAssignment(this.agency, {
			number: ++this.assignment,
			camera: this.booted.board.serialNumber,
			wearer: `W-${this.assignment}`,
			consent: { givenAt: notBefore, validUntil: notAfter },
			training: { date: notBefore, validUntil: forMs === undefined ? notAfter : now + forMs },
			notBefore,
			notAfter,
		});
		this.ask(() => this.booted.client.request(wearerAssign, { document }));
	}

	/** Takes the time from its clock, or gives it back. */
	toggleClock(): void {
		const { clock } = this.booted.board.peripherals;
		clock.set(clock.wallMs === undefined ? NOON + this.booted.now : undefined);
	}

	/** Reads the events since the last time. */
	listen(): void {
		for (;;) {
			const after = this.events.at(-1)?.sequence ?? 0;
			const { events } = this.booted.client.request(eventsRead, { after });
			if (events.length === 0) return;
			this.events.push(...events);
		}
	}

	private ask(request: () => unknown): void {
		try {
			request();
		} catch (error) {
			// A refusal is an event, and the events are looked at; anything else is a defect.
			if (!(error instanceof LinkError) || error.message.includes("no answer")) throw error;
		}
	}
}

/** Boots a camera for a sequence: a dated picture, the first of `SEQUENCE_POLICIES`, a set clock. */
export async function bootSequenceCamera(): Promise<SequenceCamera> {
	const booted = await bootCamera({
		policy: SEQUENCE_POLICIES[0],
		camera: datedVideo(),
		clockMs: NOON,
		arenaMib: 4,
		card: CARD,
	});
	const camera = new SequenceCamera(booted);
	booted.advance(2_000);
	return camera;
}
