import { compileArtefact } from "@bodycam/firmware/engine";
import type { Firmware } from "../simulator/firmware.ts";

/** Where the tiny firmware has its buffers in media memory. */
const LAYOUT = "const CAMERA = 300000, MICROPHONE = CAMERA + 4194304, TEXT = MICROPHONE + 65536;";

/** What every tiny firmware can do: log, and arm camera and microphone, giving everything back at once. */
const COMMON = `${LAYOUT}
function log(text) { native.post(0x0005, 0, TEXT, native.writeText(TEXT, 1000, text), 1); }
function arm() {
	native.post(0x0101, 0, CAMERA, 4194304, 0);
	native.post(0x0201, 0, MICROPHONE, 65536, 0);
	native.post(0x0102, 0); native.post(0x0202, 0);
}
function giveBack(kind, a, b) {
	if (kind === 0x0105 || kind === 0x0106) native.post(0x0107, 0, a, b);
	if (kind === 0x0205) native.post(0x0206, 0, a, b);
}
`;

/**
 * A firmware of a few lines, for tests of the board alone.
 * @param handler - the body of the record listener: \`kind, unit, time, a, b, c, d, e, f\`
 */
export function tinyFirmware(handler: string, setup = ""): Firmware {
	const source = `${COMMON}${setup}\nnative.listen((kind, unit, time, a, b, c, d, e, f) => {\n${handler}\n});`;
	return { artefact: compileArtefact(source, "firmware.js"), mapStack: (stack) => stack };
}
