/** A setting that is not changed. */
export class SettingRefusal extends Error {
	override readonly name = "SettingRefusal";
	/** Whether it can be tried again later. */
	readonly now: boolean;

	/** @param message - why, in words @param now - whether it is only not possible now */
	constructor(message: string, now = false) {
		super(message);
		this.now = now;
	}
}
