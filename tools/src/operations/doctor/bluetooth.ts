import { BodycamError } from "../../errors.ts";
import { checkHciPort } from "../../transport/ble/hci-port.ts";
import { linuxAdapters, mayUseAdapters, permissionCommand } from "../../transport/ble/system-adapter.ts";
import type { Finding } from "./finding.ts";
import type { Host } from "./host.ts";

const SUBJECT = "bluetooth";

/** Whether there is a Bluetooth adapter, whether it is switched off, and whether this user may use it. */
export function checkBluetooth(host: Host): Finding {
	if (host.platform === "darwin")
		return {
			subject: SUBJECT,
			severity: "note",
			text: "macOS asks whether the terminal may use Bluetooth when it is first used",
			advice: "Where it was refused: System Settings, Privacy & Security, Bluetooth.",
		};
	if (host.platform !== "linux")
		return { subject: SUBJECT, severity: "note", text: "not looked at on this system" };
	const adapters = linuxAdapters(host);
	if (adapters.length === 0)
		return {
			subject: SUBJECT,
			severity: "note",
			text: "no adapter: cameras are reached by cable and network only",
			advice: "A simulated one: `bodycam sim start --ble`, then --hci with the port it prints.",
		};
	const blocked = host.list("/sys/class/rfkill").filter((name) => {
		const file = (fact: string) => host.read(`/sys/class/rfkill/${name}/${fact}`)?.trim();
		return file("type") === "bluetooth" && (file("soft") === "1" || file("hard") === "1");
	});
	if (blocked.length > 0)
		return {
			subject: SUBJECT,
			severity: "problem",
			text: `${adapters.join(", ")} is switched off`,
			advice: "Switch it on: `rfkill unblock bluetooth`, or by the switch of the computer.",
		};
	if (mayUseAdapters(host)) return { subject: SUBJECT, severity: "ok", text: adapters.join(", ") };
	return {
		subject: SUBJECT,
		severity: "note",
		text: `you may not use ${adapters.join(", ")}`,
		advice: `To reach cameras over Bluetooth, let Node open adapters, anew after each update of it:\n  ${permissionCommand(host)}`,
	};
}

/** Whether the library that Bluetooth needs loads here. @param load - loads it */
export async function checkNoble(load: () => Promise<unknown>): Promise<Finding> {
	const subject = "noble";
	try {
		await load();
		return { subject, severity: "ok", text: "loads" };
	} catch (error) {
		const reason = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
		return {
			subject,
			severity: "note",
			text: `does not load, so there is no Bluetooth: ${reason}`,
			advice:
				"`npm ci` installs it, with what it needs for this system where there is that. Serial ports and the network work without it.",
		};
	}
}

/** Whether an HCI port that is named is there and free. @param path - of the port */
export async function checkHci(path: string): Promise<Finding> {
	try {
		await checkHciPort(path);
		return { subject: "hci", severity: "ok", text: `${path} is there and free` };
	} catch (error) {
		if (!(error instanceof BodycamError)) throw error;
		const { message, hint } = error;
		return {
			subject: "hci",
			severity: "problem",
			text: message,
			...(hint === undefined ? {} : { advice: hint }),
		};
	}
}
