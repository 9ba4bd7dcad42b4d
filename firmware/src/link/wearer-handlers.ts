import {
	WearerError,
	type WearerStatus,
	wearerAssign,
	wearerCheckIn,
	wearerCheckOut,
	wearerRead,
	wearerWithdraw,
} from "@bodycam/protocol/camera/wearer";
import { GroupError, type GroupErrorDeclaration } from "@bodycam/protocol/smp/errors";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import { WearerRefusal, type WearerRefusalReason } from "../wearer/refusal.ts";
import type { WearerKeeper } from "../wearer/wearer-keeper.ts";

const ERRORS: Readonly<Record<WearerRefusalReason, GroupErrorDeclaration>> = {
	malformed: WearerError.malformed,
	"wrong-type": WearerError.wrongType,
	"wrong-signer": WearerError.wrongSigner,
	"bad-signature": WearerError.badSignature,
	"wrong-purpose": WearerError.wrongType,
	"wrong-agency": WearerError.wrongAgency,
	"wrong-device": WearerError.wrongCamera,
	"not-yet-valid": WearerError.notYetValid,
	expired: WearerError.assignmentExpired,
	"assignment-expired": WearerError.assignmentExpired,
	"consent-expired": WearerError.consentExpired,
	"training-expired": WearerError.trainingExpired,
	"not-provisioned": WearerError.notProvisioned,
	older: WearerError.older,
	"checked-out": WearerError.checkedOut,
	recording: WearerError.recording,
	"not-kept": WearerError.notKept,
	"no-wearer": WearerError.noWearer,
	"consent-withdrawn": WearerError.consentWithdrawn,
	"clock-unset": WearerError.clockUnset,
	"other-wearer": WearerError.otherWearer,
};

/** What the handlers of the wearer group need. */
export type WearerServices = Pick<WearerKeeper, "status" | "assign" | "withdraw" | "checkOut" | "checkIn">;

/** Answers the wearer group. */
export function registerWearerHandlers(server: SmpServer, wearer: WearerServices): void {
	server.register(wearerRead, () => ({ status: wearer.status() }));
	server.register(wearerAssign, ({ document }) => answering(wearer.assign(document)));
	server.register(wearerWithdraw, () => answering(wearer.withdraw("link")));
	server.register(wearerCheckOut, (request) => answering(wearer.checkOut(request.wearer)));
	server.register(wearerCheckIn, () => answering(wearer.checkIn()));
}

async function answering(result: Promise<WearerStatus>): Promise<{ status: WearerStatus }> {
	try {
		return { status: await result };
	} catch (error) {
		if (error instanceof WearerRefusal) throw new GroupError(ERRORS[error.reason], error.detail);
		throw error;
	}
}
