import type { WearerStatus } from "@bodycam/protocol/camera/wearer";
import type { Assignment } from "@bodycam/protocol/wearer/assignment";
import { readStatus } from "../client/camera.ts";
import type { SmpClient } from "../client/smp-client.ts";
import { readWearer, sendAssignment } from "../client/wearer.ts";

/** An assignment before it is known for which camera and by whom it is. Times in ms since 1970 UTC. */
export type AssignmentPlan = Pick<
	Assignment,
	"wearer" | "consent" | "training" | "notBefore" | "notAfter"
> & {
	/** Its number; the next one of the camera when undefined. */
	readonly number?: number | undefined;
	/** Serial number of the camera, or `any` of the agency's; the one that is asked when undefined. */
	readonly camera?: string | undefined;
};

/** Signs as an agency, whose name it fills in. */
export type SignAssignment = (
	content: Omit<Assignment, "format" | "agency">,
) => Promise<Uint8Array> | Uint8Array;

/** What is signed for a plan. @param unnamed - what the plan leaves to the camera */
export function planned(
	plan: AssignmentPlan,
	unnamed: { readonly number: number; readonly camera: string },
): Omit<Assignment, "format" | "agency"> {
	const { camera: wanted = unnamed.camera, number = unnamed.number, ...rest } = plan;
	return { ...rest, number, camera: wanted === "any" ? undefined : wanted };
}

/**
 * Assigns a camera to a wearer: asks it for its serial number and its last assignment's number, has the next one
 * signed, and hands it over.
 * @throws {RefusedError} saying why the camera does not take it
 * @throws {ConnectionError} when it does not answer
 */
export async function assignWearer(
	client: SmpClient,
	plan: AssignmentPlan,
	sign: SignAssignment,
	options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<{ readonly document: Uint8Array; readonly status: WearerStatus }> {
	const { lastNumber } = await readWearer(client, options);
	const { device } = await readStatus(client, options);
	const document = await sign(planned(plan, { number: lastNumber + 1, camera: device.serial }));
	return { document, status: await sendAssignment(client, document, options) };
}
