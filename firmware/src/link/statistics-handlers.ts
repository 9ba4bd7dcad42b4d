import { GroupError } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import { StatisticsError, statisticsList, statisticsShow } from "@bodycam/protocol/smp/statistics";

/** Sets of counters by name; each is read when it is asked for. */
export type StatisticsServices = ReadonlyMap<string, () => Readonly<Record<string, number>>>;

/** Answers the statistics group, as Zephyr's `stat_mgmt` does. */
export function registerStatisticsHandlers(server: SmpServer, sets: StatisticsServices): void {
	server.register(statisticsList, () => ({ stat_list: [...sets.keys()] }));
	server.register(statisticsShow, ({ name }) => {
		const read = sets.get(name);
		if (read === undefined) throw new GroupError(StatisticsError.noSuchSet);
		return { name, fields: read() };
	});
}
