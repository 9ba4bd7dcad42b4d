import {
	EnumerationError,
	enumerationCount,
	enumerationDetails,
	enumerationList,
	enumerationSingle,
	STANDARD_GROUP_NAMES,
} from "@bodycam/protocol/smp/enumeration";
import { GroupError } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";

/**
 * Answers the enumeration group from what else is registered, as Zephyr's `enum_mgmt` does.
 * @param names - of the groups that are not standard ones
 */
export function registerEnumerationHandlers(
	server: SmpServer,
	names: Readonly<Record<number, string>>,
): void {
	server.register(enumerationCount, () => ({ count: server.groups().length }));
	server.register(enumerationList, () => ({ groups: server.groups().map(({ group }) => group) }));
	server.register(enumerationSingle, ({ index = 0 }) => {
		const groups = server.groups();
		const found = groups[index];
		if (found === undefined) throw new GroupError(EnumerationError.indexTooLarge);
		return index === groups.length - 1 ? { group: found.group, end: true } : { group: found.group };
	});
	server.register(enumerationDetails, ({ groups: wanted = [] }) => ({
		groups: server
			.groups()
			.filter(({ group }) => wanted.length === 0 || wanted.includes(group))
			.map(({ group, handlers }) => ({
				group,
				name: STANDARD_GROUP_NAMES[group] ?? names[group] ?? "",
				handlers,
			})),
	}));
}
