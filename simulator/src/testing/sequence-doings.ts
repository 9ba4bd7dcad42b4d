import type { PolicyProfile } from "@bodycam/protocol/policy/profile";
import type { HappeningName } from "@bodycam/protocol/testing/happenings";
import type { Press } from "../control/gestures.ts";
import type { SpeakerCondition } from "../peripherals/speaker.ts";
import type { SequenceCamera } from "./sequence-camera.ts";
import { SEQUENCE_POLICIES } from "./sequence-policies.ts";

type Doing = (camera: SequenceCamera) => void;

/** What happens to a simulated camera only. */
export const ENGINE_HAPPENINGS = [
	[2, "a bouncing start"],
	[2, "a bouncing stop"],
] as const;

/** Name of what may happen to a camera on the engine. */
export type EngineHappening = HappeningName | (typeof ENGINE_HAPPENINGS)[number][1];

function press(gesture: Press, bounce = false): Doing {
	return ({ booted }) => booted.press(gesture, bounce);
}

function policy(index: number): Doing {
	return (camera) => camera.install(SEQUENCE_POLICIES[index] as PolicyProfile);
}

function battery(percent: number): Doing {
	return ({ booted }) => booted.board.peripherals.battery.set(percent, false);
}

function speaker(condition: SpeakerCondition): Doing {
	return ({ booted }) => booted.board.peripherals.speaker.set(condition);
}

/** How everything is done to a simulated camera that can happen. */
export const ENGINE_DOINGS: Readonly<Record<EngineHappening, Doing>> = {
	announce: press("announce"),
	start: press("start"),
	"a hurried row": (camera) => camera.presses("event", 4),
	stop: press("stop"),
	"a hold let go too early": press("short-hold"),
	"a spike": (camera) => camera.presses("event", 1, 5),
	danger: press("danger"),
	"function press": press("mark"),
	"function double press": press("home"),
	"consent given": press("consent-given"),
	"consent refused": press("consent-refused"),
	"function hold": press("pause"),
	withdraw: press("withdraw"),
	"start and stop at once": (camera) => {
		camera.booted.press("start");
		camera.booted.advance(600);
		camera.booted.press("stop");
		camera.booted.advance(30);
		camera.booted.press("start");
	},
	"the card is taken out": (camera) => camera.takeCard(),
	"the card is put in": (camera) => camera.putCard(),
	"the card stalls": ({ booted }) => booted.board.peripherals.card.stall(2_000),
	"the camera fails": ({ booted }) => booted.board.peripherals.camera.fail(1),
	"another wearer": (camera) => camera.assign(),
	"the training lapses": (camera) => camera.assign(500),
	"policy 0": policy(0),
	"policy 1": policy(1),
	"policy 2": policy(2),
	"policy 3": policy(3),
	"no policy": (camera) => camera.install(SEQUENCE_POLICIES[0], 500),
	"battery good": battery(70),
	"battery low": battery(1),
	"battery empty": battery(0),
	"speaker ok": speaker("ok"),
	"speaker error": speaker("error"),
	"speaker mute": speaker("silent"),
	"the clock is lost or set": (camera) => camera.toggleClock(),
	"time passes": () => undefined,
	"a bouncing start": press("start", true),
	"a bouncing stop": press("stop", true),
};
