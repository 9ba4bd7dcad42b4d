import { readFile } from "node:fs/promises";
import { IMAGE_ROOM_BYTES } from "@bodycam/protocol/board/flash-layout";
import { TrustError } from "@bodycam/protocol/trust/trust-error";
import { signAssignment } from "../agency/demo-assignment.ts";
import type { ThrowawayAgency } from "../agency/throwaway-agency.ts";
import type { Board } from "../board/board.ts";
import { readSceneFile } from "../container/read-file.ts";
import type { AssignmentToSign, CameraReport, ControlCommand } from "../control/messages.ts";
import type { CardMedium } from "../peripherals/card.ts";
import type { Station } from "../radio/air/station.ts";
import { SimulatorError } from "../simulator-error.ts";
import { readWav } from "../sound/wav.ts";
import { programImage } from "../storage/install-image.ts";
import type { World } from "../world/world.ts";
import type { Bluetooth, RadioSetting } from "./bluetooth.ts";
import { press } from "./presses.ts";

/** What a camera's control knows besides its board. */
export interface CameraFacts {
	/** The throw-away agency it belongs to; undefined when it belongs to none or another. */
	readonly agency: ThrowawayAgency | undefined;
	/** Path of its serial port. */
	readonly serial: string | undefined;
	/** UDP port on this host. */
	readonly udp: number | undefined;
	/** Bluetooth of the simulator; undefined where cameras have no radios. */
	readonly bluetooth: Bluetooth | undefined;
	/** Why its sound is not the file's own. */
	readonly soundNote: string | undefined;
}

/** Carries out what people ask of a simulated camera while it runs. */
export class CameraControl {
	/** Restarts of the engine so far. */
	resets = 0;
	readonly #world: World;
	readonly #board: Board;
	readonly #facts: CameraFacts;
	#pulledCard: CardMedium | undefined;

	constructor(world: World, board: Board, facts: CameraFacts) {
		this.#world = world;
		this.#board = board;
		this.#facts = facts;
	}

	/**
	 * Carries out a command and answers when it is over in the world.
	 * @throws SimulatorError when the camera is in no state for it
	 */
	async perform(command: Exclude<ControlCommand, { command: "stop" }>): Promise<unknown> {
		const { peripherals } = this.#board;
		switch (command.command) {
			case "status":
				return this.report();
			case "press":
				this.#needPower();
				await this.#pass(() => press(this.#board, command.gesture, command.bounce));
				return undefined;
			case "battery":
				await this.#pass(() => peripherals.battery.set(command.percent, command.charging === true));
				return undefined;
			case "power-cut":
				this.#needPower();
				await this.#pass(() => {
					this.#board.powerOff(command.mode);
					return command.offMs ?? 0;
				});
				await this.#pass(() => this.#board.powerOn("powerCut"));
				return undefined;
			case "reset":
				this.#needPower();
				await this.#pass(() => this.#board.reset());
				return undefined;
			case "card-remove":
				if (!peripherals.card.medium)
					throw new SimulatorError(
						"there is no card in the camera",
						"`bodycam sim card insert` puts it back.",
						4,
					);
				await this.#pass(() => {
					this.#pulledCard = peripherals.card.remove();
				});
				return undefined;
			case "card-insert":
				await this.#insertCard();
				return undefined;
			case "card-stall":
				await this.#pass(() => peripherals.card.stall(command.ms));
				return undefined;
			case "sign-assignment":
				return { document: Buffer.from(this.#sign(command.assignment)).toString("base64") };
			case "program":
				return this.#program(command.image);
			case "say":
				return this.#say(command.wav);
			case "speaker":
				await this.#pass(() => peripherals.speaker.set(command.condition));
				return undefined;
			case "clock-set":
				await this.#pass(() => peripherals.clock.set(Math.floor(command.wallMs)));
				return undefined;
			case "clock-unset":
				await this.#pass(() => peripherals.clock.set(undefined));
				return undefined;
			case "clock-drift":
				await this.#pass(() => peripherals.clock.drift(command.partsPerMillion));
				return undefined;
			case "radio-set":
				await this.#setRadio(command);
				return undefined;
			case "radio-loss":
				await this.#setStation((station) => {
					station.loss = command.percent / 100;
				});
				return undefined;
			case "radio-range":
				await this.#setStation((station) => {
					station.position = command.metres;
				});
				return undefined;
			case "card-fail":
				await this.#pass(() => {
					peripherals.card.failWrites(command.writes ?? 0);
					peripherals.card.failReads(command.reads ?? 0);
				});
				return undefined;
		}
	}

	/** How the camera is. */
	report(): CameraReport {
		const { name, powered, running, inBootStage, peripherals, counters } = this.#board;
		const { serial, udp, soundNote } = this.#facts;
		return {
			name,
			powered,
			running,
			uptimeMs: powered ? Math.floor(this.#board.now / 1000) : 0,
			display: peripherals.display.text,
			lights: [peripherals.indicators.state(0).colour, peripherals.indicators.state(1).colour],
			batteryPercent: peripherals.battery.percent,
			charging: peripherals.battery.charging,
			card: peripherals.card.medium !== undefined,
			...(serial !== undefined && { serial }),
			...(udp !== undefined && { udp }),
			instructions: counters.instructions,
			heapPeakBytes: counters.heapPeakBytes,
			resets: this.resets,
			inBootStage,
			...(soundNote !== undefined && { soundNote }),
		};
	}

	#sign(assignment: AssignmentToSign): Uint8Array {
		const { agency } = this.#facts;
		if (agency === undefined) {
			const hint = "`bodycam wearer assign --agency DIR` signs in the name of another one.";
			throw new SimulatorError("the camera belongs to no agency of this simulator", hint, 4);
		}
		try {
			return signAssignment(agency, assignment);
		} catch (error) {
			if (error instanceof TrustError) throw new SimulatorError(error.message, undefined, 2);
			throw error;
		}
	}

	/** Answers as soon as somebody begins to speak, with how long it will take. */
	async #say(wav: string): Promise<{ readonly durationMs: number }> {
		const source = readWav(wav, await readSceneFile(wav));
		let durationMs = 0;
		await this.#pass(() => {
			durationMs = Math.ceil(this.#board.bystander.say(source) / 1000);
			return 0;
		});
		return { durationMs };
	}

	/** Puts an image into the flash as a programming adapter does, at once, and restarts. Card and settings stay. */
	async #program(path: string): Promise<void> {
		const image = new Uint8Array(await readFile(path));
		if (image.length > IMAGE_ROOM_BYTES)
			throw new SimulatorError(
				`${path} has ${image.length} bytes, the flash has room for ${IMAGE_ROOM_BYTES}`,
				undefined,
				4,
			);
		await this.#pass(() => {
			programImage(this.#board.flash, image, this.#board.startedSlot);
			if (this.#board.powered) this.#board.reset();
			else this.#board.powerOn();
		});
	}

	async #insertCard(): Promise<void> {
		const card = this.#pulledCard;
		if (!card)
			throw new SimulatorError("the card is in the camera", "`bodycam sim card remove` takes it out.", 4);
		this.#pulledCard = undefined;
		await this.#pass(() => this.#board.peripherals.card.insert(card));
	}

	#bluetooth(): Bluetooth {
		const { bluetooth } = this.#facts;
		if (bluetooth !== undefined) return bluetooth;
		const hint = "`bodycam sim start --ble` gives cameras Bluetooth radios.";
		throw new SimulatorError("the camera has no Bluetooth radio", hint, 4);
	}

	async #setRadio(setting: RadioSetting): Promise<void> {
		const bluetooth = this.#bluetooth();
		await this.#pass(() => bluetooth.set(setting));
	}

	async #setStation(change: (station: Station) => void): Promise<void> {
		this.#bluetooth();
		const { station } = this.#board.peripherals.radio;
		if (station !== undefined) await this.#pass(() => change(station));
	}

	/** Does something in the world now, and waits until the ms that it returns, if any, have passed there. */
	#pass(action: () => unknown): Promise<void> {
		return new Promise((resolve) => {
			this.#world.inject(() => {
				const result = action();
				this.#world.schedule((typeof result === "number" ? result : 0) * 1000, () => resolve());
			});
		});
	}

	#needPower(): void {
		if (!this.#board.powered) throw new SimulatorError("the camera has no power", undefined, 4);
	}
}
