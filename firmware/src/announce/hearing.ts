import type { Heard } from "@bodycam/protocol/camera/capture-terms";

/**
 * Level that the speaker at full volume has at the camera's own microphone, root mean square of 32768: the built-in
 * prompts have 7000, of which 0.6 reach the microphone. A board with another coupling needs another figure here.
 */
const SPOKEN_LEVEL = 4200;

/** Part of that level that has to be found for a prompt to count as heard. */
const HEARD_PART = 0.25;

/** Packets of 40 ms that have to be measured before anything is said, about half a second. */
const PACKETS_MIN = 12;

/** Weight of a packet in the level of the surroundings: about two seconds. */
const BACKGROUND_WEIGHT = 0.02;

/**
 * Tells from the microphone's level whether a prompt was heard: the power while it is spoken has to exceed the power
 * of the surroundings by what the speaker adds. It cannot tell a voice from a noise of the same strength that begins
 * and ends with the prompt, and where the surroundings are as loud as the speaker it says `unknown`. Nothing is
 * allocated.
 */
export class Hearing {
	private background = -1;
	private speaking = false;
	private from = 0;
	private power = 0;
	private packets = 0;

	/** A packet was captured. @param level - root mean square of 32768 @param capture - µs */
	level(level: number, capture: number): void {
		const power = level * level;
		if (this.speaking) {
			if (capture < this.from) return;
			this.power += power;
			this.packets++;
		} else if (this.background < 0) this.background = power;
		else this.background += (power - this.background) * BACKGROUND_WEIGHT;
	}

	/** The speaker begins. @param time - µs */
	begin(time: number): void {
		this.speaking = true;
		this.from = time;
		this.power = 0;
		this.packets = 0;
	}

	/** The speaker has ended. @param volume - it spoke with, percent */
	end(volume: number): Heard {
		this.speaking = false;
		if (this.packets < PACKETS_MIN) return "unknown";
		const spoken = ((SPOKEN_LEVEL * volume) / 100) ** 2;
		const before = Math.max(0, this.background);
		if (before > spoken) return "unknown";
		const added = this.power / this.packets - before;
		return added >= spoken * HEARD_PART * HEARD_PART ? "heard" : "not-heard";
	}
}
