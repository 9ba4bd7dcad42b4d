/** Version of an image, as MCUboot orders them: major, minor, revision, build number. */
export interface ImageVersion {
	/** 0 to 255. */
	readonly major: number;
	/** 0 to 255. */
	readonly minor: number;
	/** 0 to 65,535. */
	readonly revision: number;
	/** 0 to 4,294,967,295. */
	readonly build: number;
}

const FORM = /^(\d{1,3})(?:\.(\d{1,3})(?:\.(\d{1,5}))?)?(?:\+(\d{1,10}))?$/;

/**
 * Reads a version as imgtool takes it, `1.2.3+4`; minor, revision and build may be left out.
 * @throws {RangeError} when it is none, or a part is too large
 */
export function parseImageVersion(text: string): ImageVersion {
	const match = FORM.exec(text);
	const part = (index: number, max: number): number => {
		const value = Number(match?.[index] ?? 0);
		if (value > max) throw new RangeError(`the version ${text} has a part above ${max}`);
		return value;
	};
	if (match === null) throw new RangeError(`${text} is no version such as 1.2.3 or 1.2.3+4`);
	return {
		major: part(1, 0xff),
		minor: part(2, 0xff),
		revision: part(3, 0xffff),
		build: part(4, 0xffff_ffff),
	};
}

/** A version as imgtool prints it: `1.2.3+4`. */
export function formatImageVersion({ major, minor, revision, build }: ImageVersion): string {
	return `${major}.${minor}.${revision}+${build}`;
}

/** A version as Zephyr's image group sends it: `1.2.3`, and `1.2.3.4` where there is a build number. */
export function formatWireVersion({ major, minor, revision, build }: ImageVersion): string {
	return build === 0 ? `${major}.${minor}.${revision}` : `${major}.${minor}.${revision}.${build}`;
}

/** The security counter that imgtool derives from a version (`-s auto`): major, minor and revision, not the build. */
export function counterOfVersion({ major, minor, revision }: ImageVersion): number {
	return major * 0x100_0000 + minor * 0x1_0000 + revision;
}

/** Below 0, 0, above 0: how two versions stand, build numbers included. */
export function compareVersions(a: ImageVersion, b: ImageVersion): number {
	return a.major - b.major || a.minor - b.minor || a.revision - b.revision || a.build - b.build;
}
