import { expect, it } from "vitest";
import { ConnectionError, NoSuchDeviceError } from "../../errors.ts";
import { adapterObstacle, type BluetoothHost } from "./system-adapter.ts";

function host(changes: Partial<BluetoothHost>): BluetoothHost {
	return {
		platform: "linux",
		program: "/opt/node",
		list: () => ["hci0"],
		read: () => "Name:\tnode\nCapEff:\t0000000000002000\n",
		...changes,
	};
}

it("sees nothing in the way of a process that may open the adapter", () => {
	expect(adapterObstacle(host({}))).toBeUndefined();
});

it("sees that there is no adapter", () => {
	const obstacle = adapterObstacle(host({ list: () => [] }));
	expect(obstacle).toBeInstanceOf(NoSuchDeviceError);
	expect(obstacle?.hint).toContain("--hci PORT");
});

it("sees that the process may not open it and says how it may", () => {
	const obstacle = adapterObstacle(host({ read: () => "CapEff:\t0000000000000000\n" }));
	expect(obstacle).toBeInstanceOf(ConnectionError);
	expect(obstacle?.hint).toContain("setcap cap_net_raw+eip");
	expect(obstacle?.hint).toContain("/opt/node");
});

it("leaves other systems to themselves", () => {
	expect(adapterObstacle(host({ platform: "darwin", list: () => [] }))).toBeUndefined();
});
