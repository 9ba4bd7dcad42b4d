import type { WearerObstacle } from "@bodycam/protocol/wearer/terms";

/** Why recording is not allowed at all: no policy is in force, or nobody wears the camera who may. */
export type Forbidden = "no-policy" | WearerObstacle;
