import { IMAGE_ROOM_BYTES, SLOT_BYTES } from "@bodycam/protocol/board/flash-layout";
import { GroupError } from "@bodycam/protocol/smp/errors";
import {
	ImageGroupError,
	imageErase,
	imageSlotInfo,
	imageStateRead,
	imageStateWrite,
	imageUpload,
} from "@bodycam/protocol/smp/image";
import type { SmpServer } from "@bodycam/protocol/smp/server";
import type { ImageManager } from "./image-manager.ts";
import type { ImageUpload } from "./image-upload.ts";

const HASH_BYTES = 32;

/** What the handlers of the image group need. */
export interface ImageServices {
	/** The images. */
	readonly images: ImageManager;
	/** The upload. */
	readonly upload: ImageUpload;
}

/** Answers the image group. */
export function registerImageHandlers(server: SmpServer, { images, upload }: ImageServices): void {
	const list = async () => ({ images: await images.list(), splitStatus: 0 });
	server.register(imageStateRead, () => images.inTurn(list));
	server.register(imageStateWrite, ({ hash, confirm = false, selfConfirm = false }) =>
		images.inTurn(async () => {
			if (hash === undefined || hash.length === 0) {
				if (!confirm) throw new GroupError(ImageGroupError.invalidHash, "a test needs the hash of an image");
				await images.confirm();
			} else if (hash.length !== HASH_BYTES) throw new GroupError(ImageGroupError.invalidHash);
			else await images.mark(hash, { confirm, confirmsItself: selfConfirm && !confirm });
			return list();
		}),
	);
	server.register(imageUpload, (request) => upload.take(request));
	server.register(imageErase, ({ slot = images.spare }) =>
		images.inTurn(async () => {
			if (slot !== images.spare) throw new GroupError(ImageGroupError.invalidSlot);
			await images.demandFree();
			await upload.abandon();
			await images.erase();
			return {};
		}),
	);
	server.register(imageSlotInfo, () => ({
		images: [
			{
				image: 0,
				slots: [0, 1].map((slot) => ({
					slot,
					size: SLOT_BYTES,
					...(slot === images.spare ? { upload_image_id: 0 } : {}),
				})),
				max_image_size: IMAGE_ROOM_BYTES,
			},
		],
	}));
}
