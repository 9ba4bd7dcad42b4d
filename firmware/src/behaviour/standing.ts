import type { CaptureObstacle } from "@bodycam/protocol/camera/capture-terms";
import type { StopReason } from "@bodycam/protocol/camera/terms";
import { ALLOWANCES, type Allowance } from "@bodycam/protocol/policy/terms";
import type { EffectivePolicy } from "@bodycam/protocol/policy/tighten";
import type { WearerObstacle } from "@bodycam/protocol/wearer/terms";
import type { ReserveState } from "../reserve/table.ts";

/** What the camera may do now, and what keeps it from doing more. */
export interface Standing {
	/** What is allowed. */
	readonly allowance: Allowance;
	/** Why it is not everything. */
	readonly obstacle?: CaptureObstacle;
}

/** What the standing follows from. */
export interface Circumstances {
	/** The policy in force; undefined: none. */
	readonly policy: EffectivePolicy | undefined;
	/** What is in the way as far as the wearer goes. */
	readonly wearer: WearerObstacle | undefined;
	/** Whether the wall clock is set. */
	readonly clockSet: boolean;
	/** The reserve of battery and card. */
	readonly reserve: ReserveState;
	/** Whether the battery gives nothing any more. */
	readonly batteryEmpty: boolean;
}

/**
 * What the camera may do: nothing without a policy, a wearer and energy; with the clock unset or the battery low,
 * what the policy leaves; else everything.
 */
export function standingOf(circumstances: Circumstances): Standing {
	const { policy, wearer, clockSet, reserve, batteryEmpty } = circumstances;
	if (policy === undefined) return { allowance: "nothing", obstacle: "no-policy" };
	if (batteryEmpty) return { allowance: "nothing", obstacle: "battery-empty" };
	if (wearer !== undefined) return { allowance: "nothing", obstacle: wearer };
	const unset = clockSet ? "everything" : policy.whenClockUnset;
	const low = reserve === "low-battery" ? policy.whenBatteryLow : "everything";
	if (unset === "everything" && low === "everything") return { allowance: "everything" };
	return ALLOWANCES.indexOf(unset) <= ALLOWANCES.indexOf(low)
		? { allowance: unset, obstacle: "clock-unset" }
		: { allowance: low, obstacle: "battery-low" };
}

/** Whether an allowance grants another one. */
export function grants(allowance: Allowance, wanted: Allowance): boolean {
	return ALLOWANCES.indexOf(allowance) >= ALLOWANCES.indexOf(wanted);
}

/**
 * The reason with which an obstacle ends a recording under way; undefined: the recording goes on, and only the next
 * one is refused. A date that passes or a clock that is lost in the middle of a danger ends nothing.
 */
export function endsRecording(obstacle: CaptureObstacle | undefined): StopReason | undefined {
	switch (obstacle) {
		case "consent-withdrawn":
		case "no-wearer":
			return "wearer-withdrawn";
		case "no-policy":
			return "policy";
		case "battery-empty":
			return "power";
		default:
			return undefined;
	}
}
