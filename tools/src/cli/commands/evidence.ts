import type { Command } from "commander";
import { addGroup, type Runtime } from "../command.ts";
import { addEvidenceDecryptCommand } from "./evidence-decrypt.ts";
import { addEvidenceExportCommand } from "./evidence-export.ts";
import { addEvidenceKeygenCommand } from "./evidence-keygen.ts";
import { addEvidencePlayCommand } from "./evidence-play.ts";
import { addEvidenceReceiptCommand } from "./evidence-receipt.ts";
import { addEvidenceVerifyCommand } from "./evidence-verify.ts";

/** `bodycam evidence …`: what becomes of recordings once they have left the camera. */
export function addEvidenceCommands(program: Command, runtime: Runtime): void {
	const group = addGroup(
		program,
		"evidence",
		"verify, decrypt, play and export recordings, and make their keys",
	);
	addEvidenceKeygenCommand(group, runtime);
	addEvidenceVerifyCommand(group, runtime);
	addEvidenceDecryptCommand(group, runtime);
	addEvidencePlayCommand(group, runtime);
	addEvidenceExportCommand(group, runtime);
	addEvidenceReceiptCommand(group, runtime);
}
