/** What a peer may be, from the least to the most powerful; each may do all that those before it may. */
export const ROLES = ["anyone", "wearer", "technician", "administrator"] as const;

/** One of `ROLES`. */
export type Role = (typeof ROLES)[number];

/** Whether a peer with the role `held` may do what asks for at least `least`. */
export function mayAct(held: Role, least: Role): boolean {
	return ROLES.indexOf(held) >= ROLES.indexOf(least);
}

/** What a command handler knows about its peer. */
export interface Session {
	/** The role the peer holds. */
	readonly role: Role;
}

/** The session of every peer as long as peers cannot show who they are: it grants every role, and status says so. */
export const OPEN_SESSION: Session = { role: "administrator" };
