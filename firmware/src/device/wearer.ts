import type { CameraEventBody } from "@bodycam/protocol/camera/events";
import type { AgencyTrust } from "@bodycam/protocol/trust/chain";
import type { Log } from "../hal/log.ts";
import type { RealTimeClock } from "../hal/real-time-clock.ts";
import type { WearerRule } from "../wearer/obstacle.ts";
import { WearerKeeper } from "../wearer/wearer-keeper.ts";
import type { Hardware } from "./hardware.ts";

/** What the wearer keeper needs of the other parts of the camera. */
export interface WearerConnections {
	/** Takes events. */
	readonly emit: (event: CameraEventBody) => void;
	/** The log. */
	readonly log: Log;
	/** The wall clock. */
	readonly clock: Pick<RealTimeClock, "time">;
	/** Whose documents the camera follows; undefined unless it is provisioned. */
	readonly trust: () => AgencyTrust | undefined;
	/** What the policy asks for. */
	readonly rule: () => WearerRule;
	/** Whether a recording is under way. */
	readonly recording: () => boolean;
	/** What may be recorded may have changed. @param withdrawn - the consent was withdrawn: a recording ends at once */
	readonly onChange: (withdrawn: boolean) => void;
}

/** Opens what keeps the wearer; `load` reads it once the camera knows whose it is. */
export function openWearer(hardware: Hardware, connections: WearerConnections): WearerKeeper {
	const { identity, keyValue, signature: crypto, timers } = hardware;
	const { clock, trust, ...others } = connections;
	return new WearerKeeper({
		...others,
		keyValue,
		timers,
		crypto,
		serial: identity.serial,
		wallClock: () => clock.time,
		authority: () => {
			const found = trust();
			return found && { agency: found.agency, publicKey: found.policySigningKey };
		},
	});
}
