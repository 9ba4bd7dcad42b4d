import { decodeLeadingMap } from "../cbor/codec.ts";
import { CborError } from "../cbor/structure.ts";
import type { MapSchema } from "../schema/schema.ts";
import { parse, SchemaError } from "../schema/validate.ts";
import type { Command, RequestOf, ResponseOf } from "./command.ts";
import { cutReason } from "./error-answer.ts";
import { GroupError, SmpError } from "./errors.ts";
import { HEADER_BYTES, Operation, readHeader, type SmpHeader, Version } from "./header.ts";
import { encodePacket } from "./packet.ts";
import { ReturnCode } from "./return-code.ts";
import { mayAct, type Session } from "./role.ts";

/**
 * Answers one command. It may throw `GroupError` or `SmpError`; anything else thrown becomes return code 1 and is
 * reported. A promise may take as long as it needs; other requests are answered meanwhile.
 */
export type Handler<C> = (request: RequestOf<C>, session: Session) => ResponseOf<C> | Promise<ResponseOf<C>>;

/** Options of an SMP server. */
export interface SmpServerOptions {
	/** Largest packet in bytes, header included: larger requests and responses are refused. */
	readonly bufferSize: number;
	/** Requests under way at most; further ones are answered `busy`. */
	readonly bufferCount: number;
	/** A handler threw what it should not. */
	onDefect?(command: Command, error: unknown): void;
}

interface Registration {
	readonly command: Command;
	readonly handler: (request: unknown, session: Session) => unknown;
}

/**
 * An SMP server without a transport (Zephyr `subsys/mgmt/mcumgr/smp`): takes request packets, finds the declared
 * command, checks role and message, and hands back response packets as they become ready. Answers in v1 to v1
 * and in v2 to v2, with the return codes Zephyr gives. One packet holds one request; what follows it is ignored.
 */
export class SmpServer {
	readonly #options: SmpServerOptions;
	readonly #commands = new Map<number, Registration>();
	#underWay = 0;

	/** Commands are added with `register`. */
	constructor(options: SmpServerOptions) {
		this.#options = options;
	}

	/** Adds a command. @throws {RangeError} when its place is taken. */
	register<Q extends MapSchema, R extends MapSchema>(
		command: Command<Q, R>,
		handler: Handler<Command<Q, R>>,
	): void {
		const registration = { command, handler: handler as Registration["handler"] };
		if (command.access !== "write") this.#add(Operation.read, registration);
		if (command.access !== "read") this.#add(Operation.write, registration);
	}

	/** The groups that are answered, in the order in which they were added; `handlers` as Zephyr counts: the highest id and one. */
	groups(): { readonly group: number; readonly handlers: number }[] {
		const handlers = new Map<number, number>();
		for (const { command } of this.#commands.values()) {
			const { group, id } = command;
			handlers.set(group, Math.max(handlers.get(group) ?? 0, id + 1));
		}
		return [...handlers].map(([group, count]) => ({ group, handlers: count }));
	}

	/**
	 * Takes one packet.
	 * @param packet - must not change until it has been answered
	 * @param respond - called with the response, within this call or later; not at all for less than a header
	 */
	handle(packet: Uint8Array, session: Session, respond: (packet: Uint8Array) => void): void {
		const header = readHeader(packet);
		if (header === undefined) return;
		let answer: unknown;
		let command: Command | undefined;
		try {
			const registration = this.#find(header, packet.length);
			command = registration.command;
			answer = this.#start(registration, header, packet, session);
		} catch (error) {
			respond(this.#refusal(header, error, command));
			return;
		}
		if (answer instanceof Promise) this.#later(answer, header, command, respond);
		else respond(this.#response(header, answer as object, command));
	}

	/**
	 * The answer to a request that is not even looked at, in its own version; undefined for less than a header.
	 * @param code - a `ReturnCode` @param reason - text for people
	 */
	refuse(packet: Uint8Array, code: number, reason: string): Uint8Array | undefined {
		const header = readHeader(packet);
		return header && this.#refusal(header, new SmpError(code, reason), undefined);
	}

	#add(operation: number, registration: Registration): void {
		const { group, id, name } = registration.command;
		const key = keyOf(group, id, operation);
		if (this.#commands.has(key)) throw new RangeError(`SMP command ${name}: ${group}/${id} is taken`);
		this.#commands.set(key, registration);
	}

	#find(header: SmpHeader, packetLength: number): Registration {
		if (packetLength > this.#options.bufferSize || packetLength < HEADER_BYTES + header.length)
			throw new SmpError(ReturnCode.corrupt);
		if (header.operation !== Operation.read && header.operation !== Operation.write)
			throw new SmpError(ReturnCode.notSupported);
		if (header.version > Version.v2) throw new SmpError(ReturnCode.tooNew);
		const registration = this.#commands.get(keyOf(header.group, header.id, header.operation));
		if (registration === undefined) throw new SmpError(ReturnCode.notSupported);
		return registration;
	}

	#start(
		{ command, handler }: Registration,
		header: SmpHeader,
		packet: Uint8Array,
		session: Session,
	): unknown {
		if (!mayAct(session.role, command.role)) throw new SmpError(ReturnCode.accessDenied);
		if (this.#underWay >= this.#options.bufferCount) throw new SmpError(ReturnCode.busy);
		// Zephyr reads the map from all that follows the header and takes the length field for a minimum only.
		const payload = header.length === 0 ? {} : decodeLeadingMap(packet.subarray(HEADER_BYTES));
		return handler(parse(command.request, payload), session);
	}

	#later(
		answer: Promise<unknown>,
		header: SmpHeader,
		command: Command,
		respond: (packet: Uint8Array) => void,
	): void {
		this.#underWay += 1;
		answer.then(
			(response) => {
				this.#underWay -= 1;
				respond(this.#response(header, response as object, command));
			},
			(error: unknown) => {
				this.#underWay -= 1;
				respond(this.#refusal(header, error, command));
			},
		);
	}

	#response(header: SmpHeader, response: object, command: Command): Uint8Array {
		try {
			const packet = encodePacket(responseHeader(header), response);
			if (packet.length <= this.#options.bufferSize) return packet;
			return this.#refusal(header, new SmpError(ReturnCode.messageSize), command);
		} catch (error) {
			return this.#refusal(header, error, command);
		}
	}

	#refusal(header: SmpHeader, error: unknown, command: Command | undefined): Uint8Array {
		return encodePacket(responseHeader(header), this.#describe(header, error, command));
	}

	#describe(header: SmpHeader, error: unknown, command: Command | undefined): object {
		if (error instanceof GroupError) {
			const { group, code, legacy } = error.declaration;
			const rsn = error.reason === undefined ? undefined : cutReason(error.reason);
			return header.version === Version.v1
				? { rc: legacy, rsn }
				: { err: { group, rc: code }, ...error.members, rsn };
		}
		if (error instanceof SmpError) return { rc: error.code, rsn: error.reason };
		if (error instanceof CborError || error instanceof SchemaError) return { rc: ReturnCode.invalid };
		if (command !== undefined) this.#options.onDefect?.(command, error);
		return { rc: ReturnCode.unknown };
	}
}

function keyOf(group: number, id: number, operation: number): number {
	return group * 0x1_0000 + id * 0x100 + operation;
}

function responseHeader(request: SmpHeader): Omit<SmpHeader, "length"> {
	return {
		operation: request.operation === Operation.read ? Operation.readResponse : Operation.writeResponse,
		version: Math.min(request.version, Version.v2),
		flags: 0,
		group: request.group,
		sequence: request.sequence,
		id: request.id,
	};
}
