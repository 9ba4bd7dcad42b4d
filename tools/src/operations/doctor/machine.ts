import type { Finding } from "./finding.ts";
import type { Host } from "./host.ts";

/** The oldest Node these tools run on (`engines` of package.json). */
const NODE_MIN = [20, 19] as const;

/** Numbers of USB vendors whose adapters cameras and their debug boards use: ST, FTDI, Silicon Labs, WCH. */
const USB_VENDORS = ["0483", "0403", "10c4", "1a86"] as const;

/** Whether Node is new enough. */
export function checkNode({ node }: Host): Finding {
	const [major = 0, minor = 0] = node.split(".").map(Number);
	const enough = major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
	if (enough) return { subject: "node", severity: "ok", text: node };
	return {
		subject: "node",
		severity: "problem",
		text: `${node} is too old`,
		advice: `Install Node ${NODE_MIN.join(".")} or a later version.`,
	};
}

/** Whether this user may open the serial ports of this computer, and what would let him. */
export function checkSerial(host: Host): Finding {
	const subject = "serial";
	if (host.platform !== "linux")
		return { subject, severity: "note", text: "ports need no permission on this system" };
	const ports = host.list("/dev").filter((name) => /^tty(ACM|USB)\d+$/.test(name));
	if (ports.length === 0)
		return {
			subject,
			severity: "note",
			text: "no camera is plugged in: there is no /dev/ttyACM* or ttyUSB*",
		};
	const closed = ports.filter((name) => !host.mayUse(`/dev/${name}`));
	if (closed.length === 0) return { subject, severity: "ok", text: `you may open ${ports.join(", ")}` };
	const gid = host.groupOf(`/dev/${closed[0]}`);
	const group = groupName(host, gid) ?? "dialout";
	return {
		subject,
		severity: "problem",
		text: `you may not open ${closed.join(", ")}`,
		advice: [
			`Add yourself to the group ${group}, then log in again:`,
			`  sudo usermod -aG ${group} $USER`,
			"or let everybody who sits at this computer use them, with a file /etc/udev/rules.d/60-bodycam.rules:",
			...USB_VENDORS.map((vendor) => `  SUBSYSTEM=="tty", ATTRS{idVendor}=="${vendor}", TAG+="uaccess"`),
			"  (then: sudo udevadm control --reload && sudo udevadm trigger)",
		].join("\n"),
	};
}

function groupName(host: Host, gid: number | undefined): string | undefined {
	const lines = host.read("/etc/group")?.split("\n") ?? [];
	return lines.map((line) => line.split(":")).find(([, , number]) => number === `${gid}`)?.[0];
}
