import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { NoSuchDeviceError } from "../../errors.ts";
import { checkHciPort } from "./hci-port.ts";

it("a Unix socket is said to be one, and which ports can be used", async () => {
	const folder = mkdtempSync(join(tmpdir(), "bodycam-hci-"));
	const path = join(folder, "hci.sock");
	const server = createServer();
	onTestFinished(() => {
		server.close();
		rmSync(folder, { recursive: true });
	});
	await new Promise<void>((resolve) => server.listen(path, resolve));
	const error = await checkHciPort(path).catch((e) => e);
	expect(error).toBeInstanceOf(NoSuchDeviceError);
	expect(error.message).toBe(`${path} is a Unix socket, not an HCI port`);
	expect(error.hint).toContain("serial ports and pseudo-terminals");
});

it("a path that cannot be looked at is still opened, for the reason", async () => {
	await expect(checkHciPort("/dev/null/hci")).rejects.toThrow("/dev/null/hci");
});
