import type { Bus } from "../bus/peripheral.ts";
import type { Scene, VideoSource } from "../camera/video-source.ts";
import { BatteryPeripheral } from "../peripherals/battery.ts";
import { ButtonsPeripheral } from "../peripherals/buttons.ts";
import { CameraPeripheral } from "../peripherals/camera.ts";
import { type CardMedium, CardPeripheral } from "../peripherals/card.ts";
import { ClockPeripheral, type ClockSetting, type WallReference } from "../peripherals/clock.ts";
import { DatagramPeripheral } from "../peripherals/datagram.ts";
import { DisplayPeripheral } from "../peripherals/display.ts";
import { FlashPeripheral } from "../peripherals/flash.ts";
import { HapticPeripheral } from "../peripherals/haptic.ts";
import { IndicatorPeripheral } from "../peripherals/indicator.ts";
import { KeyValuePeripheral } from "../peripherals/key-value.ts";
import { MicrophonePeripheral } from "../peripherals/microphone.ts";
import { type BoardRadio, RadioPeripheral } from "../peripherals/radio.ts";
import { SerialPeripheral } from "../peripherals/serial.ts";
import { SpeakerPeripheral } from "../peripherals/speaker.ts";
import { type SystemEvents, SystemPeripheral } from "../peripherals/system.ts";
import type { BytePort } from "../ports/byte-port.ts";
import type { DatagramPort } from "../ports/datagram-port.ts";
import { Bystander } from "../sound/bystander.ts";
import { together } from "../sound/nearby.ts";
import type { SoundLoop } from "../sound/sound-loop.ts";
import type { FlashMemory } from "../storage/flash-memory.ts";
import type { ValueStore } from "../storage/value-store.ts";
import type { BoardEvents } from "./board-events.ts";

/** What a board's peripherals are connected to. */
export interface BoardParts {
	/** What the camera sees. */
	readonly video: VideoSource;
	/** What the microphone hears. */
	readonly sound: SoundLoop;
	/** The card in the slot at the start. */
	readonly card: CardMedium | undefined;
	/** Contents of the flash. */
	readonly flash: FlashMemory;
	/** Contents of the key-value store. */
	readonly values: ValueStore;
	/** The time base of the real-time clock, which goes on while the board is off. */
	readonly wall: WallReference;
	/** What the real-time clock was set to, if it was. */
	readonly clockSetting?: ClockSetting | undefined;
	/** Level of the battery at the start, percent. */
	readonly batteryPercent?: number;
	/** Where the serial ports lead, by unit. */
	readonly serialPorts: readonly BytePort[];
	/** Where the datagram links lead, by unit. */
	readonly datagramPorts: readonly DatagramPort[];
	/** Its Bluetooth radio; without one unless told. */
	readonly radio?: BoardRadio | undefined;
	/** Who watches. */
	readonly events?: BoardEvents;
}

/** The peripherals of a board. */
export interface Peripherals {
	/** Timer, reset, log, watchdog, entropy. */
	readonly system: SystemPeripheral;
	/** Camera and encoder. */
	readonly camera: CameraPeripheral;
	/** Microphone and encoder. */
	readonly microphone: MicrophonePeripheral;
	/** Speaker. */
	readonly speaker: SpeakerPeripheral;
	/** The two buttons. */
	readonly buttons: ButtonsPeripheral;
	/** The lights. */
	readonly indicators: IndicatorPeripheral;
	/** The display. */
	readonly display: DisplayPeripheral;
	/** The vibration motor. */
	readonly haptic: HapticPeripheral;
	/** The battery gauge. */
	readonly battery: BatteryPeripheral;
	/** The real-time clock. */
	readonly clock: ClockPeripheral;
	/** The card slot. */
	readonly card: CardPeripheral;
	/** The flash. */
	readonly flash: FlashPeripheral;
	/** The key-value store. */
	readonly values: KeyValuePeripheral;
	/** The serial ports. */
	readonly serial: SerialPeripheral;
	/** The datagram links. */
	readonly datagram: DatagramPeripheral;
	/** Bluetooth. */
	readonly radio: RadioPeripheral;
}

/** The peripherals of a board, and who stands in front of it. */
export interface Assembly {
	/** The peripherals. */
	readonly peripherals: Peripherals;
	/** Somebody in front of the camera. */
	readonly bystander: Bystander;
}

/** Puts the peripherals on a bus, in the order in which they speak at boot. */
export function assemble(bus: Bus, parts: BoardParts, system: SystemEvents): Assembly {
	const { events } = parts;
	const scene: Scene = { epoch: undefined };
	const speaker = new SpeakerPeripheral(bus);
	const bystander = new Bystander(bus);
	const peripherals: Peripherals = {
		system: new SystemPeripheral(bus, system),
		clock: new ClockPeripheral(bus, parts.wall, parts.clockSetting),
		battery: new BatteryPeripheral(bus, parts.batteryPercent),
		card: new CardPeripheral(bus, parts.card),
		camera: new CameraPeripheral(bus, parts.video.open(scene)),
		microphone: new MicrophonePeripheral(bus, parts.sound, scene, together(speaker, bystander)),
		speaker,
		buttons: new ButtonsPeripheral(bus),
		indicators: new IndicatorPeripheral(bus, (unit, state) => events?.onLight?.(unit, state, bus.now)),
		display: new DisplayPeripheral(bus, (text) => events?.onDisplay?.(text, bus.now)),
		haptic: new HapticPeripheral(bus, (pulse) => events?.onHaptic?.(pulse)),
		flash: new FlashPeripheral(bus, parts.flash),
		values: new KeyValuePeripheral(bus, parts.values),
		serial: new SerialPeripheral(bus, parts.serialPorts),
		datagram: new DatagramPeripheral(bus, parts.datagramPorts),
		radio: new RadioPeripheral(bus, parts.radio),
	};
	return { peripherals, bystander };
}
