import { expect, test } from "vitest";
import { readMicrophoneFile, readSceneFile } from "./read-file.ts";

test("a file for the microphone that is not there has a code of its own", async () => {
	await expect(readMicrophoneFile("/nowhere.wav")).rejects.toMatchObject({
		code: "microphone-file",
		exitCode: 2,
	});
});

test("a directory in place of a file is told with what to give, a video or a sound", async () => {
	const path = import.meta.dirname;
	await expect(readSceneFile(path)).rejects.toMatchObject({
		code: "camera-file",
		hint: expect.stringContaining("video"),
	});
	await expect(readMicrophoneFile(path)).rejects.toMatchObject({ hint: expect.stringContaining("WAV") });
});
