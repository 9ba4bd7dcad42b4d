import { createHash } from "node:crypto";
import { provisionCamera } from "@bodycam/protocol/agency/provision";
import { wearerAssign, wearerCheckOut } from "@bodycam/protocol/camera/wearer";
import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import { demo } from "@bodycam/protocol/policy/profiles/demo";
import { osParameters } from "@bodycam/protocol/smp/os";
import { signedDemoAssignment } from "../agency/demo-assignment.ts";
import { signedFirstPolicy } from "../agency/demo-policy.ts";
import {
	hostCrypto,
	makeAgencySeeds,
	THROWAWAY_VALIDITY,
	type ThrowawayAgency,
	throwawayAgency,
} from "../agency/throwaway-agency.ts";
import { Board } from "../board/board.ts";
import { BoardCrashError } from "../board/errors.ts";
import type { VideoSource } from "../camera/video-source.ts";
import { MemoryDatagramPort } from "../ports/memory-ports.ts";
import { SmpLink } from "../ports/smp-link.ts";
import { SimulatorError } from "../simulator-error.ts";
import type { SoundLoop } from "../sound/sound-loop.ts";
import type { CameraState } from "../state/camera-state.ts";
import { FlashMemory } from "../storage/flash-memory.ts";
import { ValueStore } from "../storage/value-store.ts";
import { createRandomness } from "../world/random.ts";
import { World } from "../world/world.ts";

/** Key under which the firmware keeps its identity. */
const IDENTITY_KEY = "identity";

/** The ring of the board on which a camera is provisioned, bytes: nothing is recorded there. */
const ARENA_BYTES = 1024 * 1024;

/** What is needed to provision a simulated camera. */
export interface SelfProvisioning {
	/** Name of the camera. */
	readonly name: string;
	/** Its serial number. */
	readonly serialNumber: string;
	/** Its firmware. */
	readonly artefact: Uint8Array;
	/** Seed of all randomness; undefined: the operating system's. */
	readonly seed: number | undefined;
	/** What the camera keeps while it is off. */
	readonly state: CameraState;
	/** What the camera is pointed at. */
	readonly video: VideoSource;
	/** What it hears. */
	readonly sound: SoundLoop;
	/** The rules of its first policy; the `demo` profile's without them. */
	readonly policy?: PolicyProfile | undefined;
}

/** When a camera is provisioned and handed out: a moment at which everything that is signed for it is valid. */
const HANDED_OUT_MS = Date.UTC(2027, 0, 1, 8);

/** A simulated camera could not be provisioned. */
export class SelfProvisioningError extends SimulatorError {
	override readonly name = "SelfProvisioningError";
	override readonly code = "self-provisioning";

	/** @param camera - its name @param reason - what went wrong */
	constructor(camera: string, reason: string) {
		super(
			`the simulated camera ${camera} could not be provisioned: ${reason}`,
			"With --factory it starts without an agency, and `bodycam provision` gives it one.",
		);
	}
}

/** What provisioning left in the key-value store, by everything it depends on: it is the same every time. */
const known = new Map<string, ReadonlyMap<string, Uint8Array>>();

/**
 * Gives a simulated camera that belongs to no agency a throw-away one, a policy and a wearer, who has taken it out
 * where the policy asks for that, through the
 * commands any camera is provisioned with. It is done before the camera comes into its world, on a board of its own
 * without a card, so that the world's time and random numbers are the same as for a camera that was provisioned
 * before.
 * @returns the agency; undefined when the camera belongs to one that is not known here, or when the firmware dies,
 * which it will do again where somebody watches
 * @throws SelfProvisioningError when the firmware does not do it
 */
export async function selfProvision(camera: SelfProvisioning): Promise<ThrowawayAgency | undefined> {
	const { state, seed, name } = camera;
	const provisioned = state.values.get(IDENTITY_KEY) !== undefined;
	if (provisioned && state.agency === undefined) return undefined;
	const randomness = createRandomness(seed);
	const seeds = state.agency ?? makeAgencySeeds(randomness.stream(`${name}/agency`));
	const agency = throwawayAgency(seeds);
	if (provisioned) return agency;
	if (state.agency === undefined) state.saveAgency(seeds);
	const key = seed === undefined ? undefined : cacheKey(camera, agency);
	const values = (key === undefined ? undefined : known.get(key)) ?? (await provisionOnBoard(camera, agency));
	if (values === undefined) return undefined;
	if (key !== undefined) known.set(key, values);
	for (const [entry, value] of values) state.values.set(entry, value);
	return agency;
}

function cacheKey(
	{ artefact, seed, serialNumber, name, policy }: SelfProvisioning,
	{ anchor }: ThrowawayAgency,
): string {
	const firmware = createHash("sha256").update(artefact).update(anchor).digest("hex");
	return JSON.stringify([firmware, seed, serialNumber, name, policy]);
}

/** Runs the firmware in a world of its own; what it has stored in the end, undefined when it died. */
async function provisionOnBoard(
	camera: SelfProvisioning,
	agency: ThrowawayAgency,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
	const { name, serialNumber, artefact, seed, video, sound, policy = demo } = camera;
	const world = new World(createRandomness(seed));
	const values = new ValueStore();
	const port = new MemoryDatagramPort((delay, action) => void world.schedule(delay, action));
	const board = new Board({
		world,
		// Another name has other random numbers: those of the camera's world are not used up or repeated here.
		name: `${name}/provisioning`,
		serialNumber,
		arenaBytes: ARENA_BYTES,
		video,
		sound,
		card: undefined,
		flash: new FlashMemory(),
		firmware: { artefact },
		values,
		wall: { now: () => world.now / 1000, save: () => undefined },
		...(policy.wearer.checkOutRequired && {
			clockSetting: { wallMs: HANDED_OUT_MS, referenceMs: 0 },
		}),
		serialPorts: [],
		datagramPorts: [port],
		onCrash: "throw",
	});
	try {
		board.powerOn();
		const link = new SmpLink(port, (ms) => world.advanceTo(world.now + ms * 1000));
		const nonce = new Uint8Array(16);
		world.random.stream(`${name}/provisioning/nonce`).fill(nonce);
		await provisionCamera(
			async (command, request) => link.request(command, request),
			{
				agency,
				deviceSigning: agency.signers.deviceSigning,
				validity: THROWAWAY_VALIDITY,
				policy: signedFirstPolicy(agency, policy),
				nonce,
				packetBytes: link.request(osParameters, {}).buf_size,
			},
			hostCrypto,
		);
		link.request(wearerAssign, { document: signedDemoAssignment(agency, serialNumber) });
		if (policy.wearer.checkOutRequired) link.request(wearerCheckOut, {});
		return new Map(values.entries());
	} catch (error) {
		if (error instanceof BoardCrashError) return undefined;
		throw new SelfProvisioningError(name, error instanceof Error ? error.message : String(error));
	} finally {
		board.close();
	}
}
