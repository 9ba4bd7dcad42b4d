import type { CameraEvent } from "@bodycam/protocol/camera/events";
import type { LogLevel } from "../hal/log.ts";

/** A line of log about an event. */
export interface EventLine {
	/** How grave it is. */
	readonly level: LogLevel;
	/** What happened, in words. */
	readonly text: string;
}

const info = (text: string): EventLine => ({ level: "info", text });
const warning = (text: string): EventLine => ({ level: "warning", text });
const debug = (text: string): EventLine => ({ level: "debug", text });

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** What the log says about an event. */
export function describeEvent(event: CameraEvent): EventLine {
	switch (event.type) {
		case "booted": {
			const crash = event.crash === undefined ? "" : `; the last run died: ${event.crash}`;
			const text = `booted (${event.reason}), firmware ${event.build}${crash}`;
			return event.crash === undefined ? info(text) : { level: "error", text };
		}
		case "provisioned":
			return info(`the camera now belongs to ${event.agency}`);
		case "provisioning-refused":
			return warning(`provisioning refused: ${event.why}`);
		case "factory-reset":
			return warning(`factory reset: the camera belongs to ${event.agency} no longer`);
		case "factory-reset-refused":
			return warning(`factory reset refused: ${event.why}`);
		case "policy":
			return info(`policy ${event.name}: pre-recording ${seconds(event.preRecordMs)}`);
		case "policy-missing":
			return { level: "error", text: `no policy is in force (${event.why}): nothing is recorded` };
		case "policy-installed":
			return info(`policy ${event.name}, version ${event.version}, installed; takes effect ${event.effect}`);
		case "policy-refused":
			return warning(`policy refused (${event.reason}): ${event.detail}`);
		case "armed":
			return info(
				`armed: ${seconds(event.preRecordMs)} configured, ${seconds(event.capacityMs)} fit the memory`,
			);
		case "disarmed":
			return info(`disarmed (${event.reason})`);
		case "button":
			return debug(`${event.button} button: ${event.action}`);
		case "trigger":
			return info(`recording ${event.recording} triggered (${event.source})`);
		case "trigger-refused":
			return warning(`trigger refused (${event.source}): ${event.why}`);
		case "refused":
			return warning(`${event.what} refused: ${event.why}`);
		case "warning-started":
			return info("warning: shown and announced, nothing is recorded");
		case "warning-ended":
			return info(`the warning is over (${event.reason})`);
		case "announcement-started": {
			const what = event.recording === undefined ? "the camera" : `recording ${event.recording}`;
			const how = event.languages.length > 0 ? event.languages.join(", ") : (event.by ?? []).join(", ");
			return info(`announcing ${what} in ${how}`);
		}
		case "announcement-ended": {
			if (!event.complete) return warning("the announcement was broken off");
			return event.heard === "not-heard" ? warning("announced, but not heard") : info("announced");
		}
		case "announcement-skipped":
			return warning(`recording ${event.recording} without announcement: ${event.why}`);
		case "confirmation-asked":
			return info(`${event.what}: to be confirmed`);
		case "confirmation-lapsed":
			return info(`${event.what}: not confirmed`);
		case "marker":
			return info(`recording ${event.recording}: marker at ${seconds(event.atMs)}`);
		case "home":
			return info(`recording ${event.recording}: in a home (${event.state})`);
		case "recording-paused":
			return info(`recording ${event.recording} paused`);
		case "recording-resumed":
			return info(`recording ${event.recording}: nothing for ${seconds(event.toMs - event.fromMs)}`);
		case "consent":
			return info(`recording ${event.recording}: consent ${event.mark}`);
		case "sound-muted":
			return info(`recording ${event.recording} goes on without sound`);
		case "sound-restored":
			return info(`recording ${event.recording}: no sound for ${seconds(event.toMs - event.fromMs)}`);
		case "demanded":
			return info(`recording ${event.recording}: ${event.what} is owed`);
		case "reason-given":
			return info(`recording ${event.recording}: reason ${event.code} (${event.source})`);
		case "still-needed-asked":
			return info(`recording ${event.recording}: still needed?`);
		case "still-needed-answered":
			return event.answer === "yes" ? info("still needed") : warning("no answer whether it is still needed");
		case "reminded":
			return debug(`reminded: ${event.what}`);
		case "reserve":
			return event.state === "enough" ? info("reserve: enough") : warning(`reserve: ${event.state}`);
		case "recording-started":
			return info(`recording ${event.recording} is open on the card`);
		case "recording-drained":
			return info(
				`recording ${event.recording}: ${seconds(event.deliveredMs)} from before the trigger on the card after ${event.drainMs} ms`,
			);
		case "recording-stopped":
			return info(`recording ${event.recording} stopped (${event.reason})`);
		case "recording-closed":
			return info(`recording ${event.recording} closed: ${seconds(event.durationMs)}, ${event.bytes} bytes`);
		case "interrupted-recovered":
			return warning(`recording ${event.recording} had been interrupted and is closed: ${event.bytes} bytes`);
		case "recording-erased":
			return warning(`recording ${event.recording} erased on an archive's receipt: ${event.bytes} bytes`);
		case "erasure-refused":
			return warning(`erasure refused: ${event.why}`);
		case "fault": {
			const detail = event.detail === undefined ? "" : `: ${event.detail}`;
			return event.active
				? { level: "error", text: `fault ${event.fault}${detail}` }
				: info(`fault ${event.fault} is gone`);
		}
		case "frames-lost":
			return warning(`${event.frames} frames and ${event.packets} sound packets lost`);
		case "battery":
			return debug(`battery ${event.percent} %${event.charging ? ", charging" : ""}`);
		case "card":
			return info(`card ${event.state}: ${event.freeBytes} of ${event.bytes} bytes free`);
		case "clock-set":
			return info(`clock set, uncertainty ${event.uncertaintyMs} ms`);
		case "wearer-assigned":
			return info(`assigned to ${event.wearer}, assignment ${event.assignment}`);
		case "wearer-assignment-refused":
			return warning(`assignment refused: ${event.why}`);
		case "wearer-checked-out":
			return info(`${event.wearer} checked the camera out`);
		case "wearer-checked-in":
			return info(`${event.wearer} checked the camera in`);
		case "wearer-withdrawn":
			return warning(`${event.wearer} withdrew the consent (${event.source})`);
		case "wearer-lapsed":
			return warning(`the assignment of ${event.wearer} no longer covers today: ${event.why}`);
		case "reset":
			return info(`restarting: ${event.reason}`);
		case "log-opened": {
			const text = `the event log on the card has ${event.entries} entries`;
			return event.cutBytes === 0
				? info(text)
				: warning(`${text}; ${event.cutBytes} torn bytes were cut off`);
		}
		case "log-gap":
			return warning(`events ${event.first} to ${event.sequence} could not be kept`);
		case "log-signer":
			return debug("the camera's certificate is in the event log");
		case "log-checkpoint":
			return debug(`${event.entries} entries of the event log are signed`);
	}
}
