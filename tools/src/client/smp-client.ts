import { OTHER_CLIENT_COMMANDS } from "@bodycam/protocol/smp/ble";
import type { Command, RequestOf, ResponseOf } from "@bodycam/protocol/smp/command";
import type { ErrorAnswer } from "@bodycam/protocol/smp/error-answer";
import { osParameters } from "@bodycam/protocol/smp/os";
import { decodeResponse, encodeRequest } from "@bodycam/protocol/smp/packet";
import { ReturnCode } from "@bodycam/protocol/smp/return-code";
import { type BodycamError, ConnectionError, ProtocolError, RefusedError } from "../errors.ts";
import type { SmpTransport } from "../transport/transport.ts";
import { pause } from "./pause.ts";
import { type PendingRequest, PendingRequests } from "./pending-requests.ts";
import { refusal } from "./refusal.ts";
import { Slots } from "./slots.ts";

/** How an SMP client behaves; everything has a default. */
export interface SmpClientOptions {
	/** Time for an answer, ms, besides what the line needs for the packets under way. */
	readonly timeoutMs?: number;
	/** How often a request that may be repeated is sent at most. */
	readonly attempts?: number;
	/** Requests under way at most, whatever the device can hold. */
	readonly maxWindow?: number;
	/** Text that shares the line with the packets. */
	onText?(line: string): void;
}

/** How one request is made. */
export interface RequestOptions {
	/** Ends the wait; the promise rejects with its reason. */
	readonly signal?: AbortSignal | undefined;
	/** Time for an answer, ms, instead of the client's. */
	readonly timeoutMs?: number;
	/** How often it is sent at most; 1 for what must not happen twice. */
	readonly attempts?: number;
	/** Time to go on asking a device that another client commands, ms; 0. */
	readonly turnMs?: number;
}

/** Sizes that hold until the device has told its own. */
const UNKNOWN_PARAMETERS = { bufferSize: 384, bufferCount: 1 };

const DEFAULT_TIMEOUT_MS = 1500;
const DEFAULT_ATTEMPTS = 5;
const DEFAULT_MAX_WINDOW = 32;

/** Pause before a device that said it was busy is asked again, ms; longer each time. */
const BUSY_PAUSE_MS = 50;

/**
 * Time to wait for the turn when connecting, ms: a camera notices after 4 s that a client was killed, and until then it is busy for
 * who comes after it.
 */
const TURN_MS = 5000;

/**
 * An SMP client: matches responses to requests by sequence number, keeps as many requests under way as the device
 * has buffers, sends what was lost again, and fails everything under way when the line breaks.
 */
export class SmpClient {
	readonly #transport: SmpTransport;
	readonly #options: SmpClientOptions;
	readonly #pending = new PendingRequests(Math.floor(Math.random() * 256));
	readonly #slots = new Slots(UNKNOWN_PARAMETERS.bufferCount);
	readonly #fail = new Map<PendingRequest, (error: BodycamError) => void>();
	#bufferSize = UNKNOWN_PARAMETERS.bufferSize;
	#ended: BodycamError | undefined;

	/** Listens to the transport; `connect` also asks the device for its sizes. */
	constructor(transport: SmpTransport, options: SmpClientOptions = {}) {
		this.#transport = transport;
		this.#options = options;
		transport.listen({
			packet: (packet) => this.#pending.dispatch(packet, Math.max(4, 2 * this.window)),
			closed: (error) => this.#end(error ?? new ConnectionError("the connection was closed")),
			text: (line) => options.onText?.(line),
		});
	}

	/**
	 * Asks the device how large packets may be and how many it holds, and sizes window and packets by it.
	 * @throws {ConnectionError} when it does not answer
	 */
	static async connect(
		transport: SmpTransport,
		options: SmpClientOptions & { readonly signal?: AbortSignal | undefined } = {},
	): Promise<SmpClient> {
		const client = new SmpClient(transport, options);
		try {
			const { buf_size, buf_count } = await client.request(
				osParameters,
				{},
				{ signal: options.signal, turnMs: TURN_MS },
			);
			client.#bufferSize = Math.min(buf_size, transport.maxPacket);
			client.#slots.resize(Math.max(1, Math.min(buf_count, options.maxWindow ?? DEFAULT_MAX_WINDOW)));
		} catch (error) {
			// A device without this command works with the smallest sizes there are.
			if (error instanceof RefusedError && error.returnCode === ReturnCode.notSupported) return client;
			await client.close();
			throw error;
		}
		return client;
	}

	/** The address of the device. */
	get address(): string {
		return this.#transport.address;
	}

	/** Requests that are kept under way at most. */
	get window(): number {
		return this.#slots.limit;
	}

	/** Largest packet in bytes, header included. */
	get bufferSize(): number {
		return this.#bufferSize;
	}

	/**
	 * Asks a command. Waits for room in the window first. Reads are repeated when no answer comes; writes too unless
	 * `attempts` says 1, so those must not mind happening twice.
	 * @throws {RefusedError} when the device answers with an error
	 * @throws {ConnectionError} when it does not answer or the line breaks
	 * @throws {ProtocolError} when its answer is not one
	 */
	async request<C extends Command>(
		command: C,
		message: RequestOf<C>,
		options: RequestOptions = {},
	): Promise<ResponseOf<C>> {
		const turnEnd = performance.now() + (options.turnMs ?? 0);
		for (let attempt = 1; ; attempt++) {
			const packet = await this.#exchange(command, message, options);
			const result = decodeOrThrow(command, packet);
			if (result.ok) return result.response;
			const { error } = result;
			const mayHaveTurn = error.reason === OTHER_CLIENT_COMMANDS && performance.now() < turnEnd;
			if (!isBusy(error) || (attempt >= this.#attempts(options) && !mayHaveTurn))
				throw refusal(command, error);
			await pause(BUSY_PAUSE_MS * attempt, options.signal);
		}
	}

	/** Ends the connection; requests under way fail. Idempotent. */
	async close(): Promise<void> {
		await this.#transport.close();
		this.#end(new ConnectionError("the connection was closed"));
	}

	async #exchange<C extends Command>(
		command: C,
		message: RequestOf<C>,
		options: RequestOptions,
	): Promise<Uint8Array> {
		options.signal?.throwIfAborted();
		await this.#slots.take(options.signal);
		try {
			return await this.#await(command, (sequence) => encodeRequest(command, message, sequence), options);
		} finally {
			this.#slots.free();
		}
	}

	#await(
		command: Command,
		encode: (sequence: number) => Uint8Array,
		options: RequestOptions,
	): Promise<Uint8Array> {
		if (this.#ended !== undefined) return Promise.reject(this.#ended);
		if (options.signal?.aborted) return Promise.reject(options.signal.reason);
		return new Promise((resolve, reject) => {
			let attemptsLeft = this.#attempts(options);
			let timer: NodeJS.Timeout | undefined;
			const settle = (end: () => void): void => {
				clearTimeout(timer);
				this.#pending.remove(sequence);
				this.#fail.delete(pending);
				options.signal?.removeEventListener("abort", onAbort);
				end();
			};
			const onAbort = (): void => settle(() => reject(options.signal?.reason));
			const transmit = (): void => {
				clearTimeout(timer);
				if (attemptsLeft === 0) {
					settle(() => reject(this.#silence(command)));
					return;
				}
				attemptsLeft -= 1;
				this.#pending.sent(pending);
				timer = setTimeout(transmit, this.#timeout(options));
				this.#transport.send(packet).catch((error: unknown) => settle(() => reject(error)));
			};
			const pending: PendingRequest = {
				group: command.group,
				id: command.id,
				overtaken: 0,
				order: 0,
				answered: (response) => settle(() => resolve(response)),
				presumedLost: () => {
					if (attemptsLeft > 0) transmit();
				},
			};
			const sequence = this.#pending.add(pending);
			const packet = encode(sequence);
			this.#fail.set(pending, (error) => settle(() => reject(error)));
			options.signal?.addEventListener("abort", onAbort);
			transmit();
		});
	}

	#attempts(options: RequestOptions): number {
		return options.attempts ?? this.#options.attempts ?? DEFAULT_ATTEMPTS;
	}

	/** A slow line needs its time for all that may be queued before the answer. */
	#timeout(options: RequestOptions): number {
		const base = options.timeoutMs ?? this.#options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
		const rate = this.#transport.packetRate;
		return rate === undefined ? base : base + (this.window * this.#bufferSize * 1000) / rate;
	}

	#silence(command: Command): ConnectionError {
		return new ConnectionError(`the camera at ${this.address} does not answer (${command.name})`, {
			hint: "Check that the camera is on and that the address leads to it.",
		});
	}

	#end(error: BodycamError): void {
		this.#ended ??= error;
		this.#slots.fail(this.#ended);
		for (const fail of [...this.#fail.values()]) fail(this.#ended);
	}
}

function decodeOrThrow<C extends Command>(
	command: C,
	packet: Uint8Array,
): ReturnType<typeof decodeResponse<C>> {
	try {
		return decodeResponse(command, packet);
	} catch (error) {
		throw new ProtocolError(
			`the camera's answer to ${command.name} is not understood: ${error instanceof Error ? error.message : error}`,
			{
				hint: "Camera and tools may be of different versions: compare `bodycam status` and `bodycam --version`.",
				cause: error,
			},
		);
	}
}

function isBusy({ group, code }: ErrorAnswer): boolean {
	return group === undefined && code === ReturnCode.busy;
}
