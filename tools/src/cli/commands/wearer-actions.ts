import type { WearerStatus } from "@bodycam/protocol/camera/wearer";
import type { Command } from "commander";
import type { SmpClient } from "../../client/smp-client.ts";
import { checkIn, checkOut, readWearer, withdrawConsent } from "../../client/wearer.ts";
import { addCommand, type Context, handle, printResult, type Runtime } from "../command.ts";
import { describeWearerStatus } from "../describe-wearer.ts";

/** How the commands find their camera. */
export interface CameraChoice<Flags extends object> {
	/** How the camera is named in examples: `-d sim:cam1`. */
	readonly example: string;
	/** The group they are in: `wearer`. */
	readonly group: string;
	/** Adds the options that name the camera. */
	add(command: Command): Command;
	/** Connects to the camera, does the work and disconnects. */
	use<Result>(context: Context, flags: Flags, work: (client: SmpClient) => Promise<Result>): Promise<Result>;
}

/** Prints who wears the camera. */
export function printWearer(context: Context, status: WearerStatus): void {
	printResult(context, status, () => describeWearerStatus(status));
}

/** Commands about the wearer that need no signature: withdraw, checkout, checkin, status. */
export function addWearerActions<Flags extends object>(
	group: Command,
	runtime: Runtime,
	camera: CameraChoice<Flags>,
): void {
	const add = (
		usage: string,
		summary: string,
		description: string,
		act: (client: SmpClient, signal: AbortSignal, first: string | undefined) => Promise<WearerStatus>,
	): void => {
		const [name] = usage.split(" ");
		const examples = [[`bodycam ${camera.group} ${name} ${camera.example}`, summary]] as const;
		const command = addCommand(group, { usage, summary, description, examples });
		handle<Flags>(camera.add(command), runtime, (context, flags, [first]) =>
			camera.use(context, flags, async (client) => {
				printWearer(context, await act(client, context.signal, first));
			}),
		);
	};
	add(
		"withdraw",
		"withdraw the wearer's consent",
		"Withdraws the consent of the wearer, at once and without a reason. A recording ends and is kept. The camera records nothing until it gets another assignment. The wearer can do the same on the camera itself.",
		(client, signal) => withdrawConsent(client, { signal }),
	);
	add(
		"checkout [pseudonym]",
		"begin a shift",
		"Checks the camera out: the assigned wearer takes it for a shift. With a pseudonym it is refused if somebody else is assigned.",
		(client, signal, wearer) => checkOut(client, wearer, { signal }),
	);
	add(
		"checkin",
		"end a shift",
		"Checks the camera in: the wearer brings it back. Refused in the middle of a recording.",
		(client, signal) => checkIn(client, { signal }),
	);
	add(
		"status",
		"show who wears a camera",
		"Shows to whom a camera is assigned, until when consent and training hold, and what keeps it from recording on that account.",
		(client, signal) => readWearer(client, { signal }),
	);
}
