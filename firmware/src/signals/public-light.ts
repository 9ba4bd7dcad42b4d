import { LIGHTS, type Light } from "@bodycam/protocol/camera/advertisement";
import type { Indicator, IndicatorPattern } from "../hal/indicator.ts";
import { STATE_SIGNALS } from "./state-signals.ts";

/** What a pattern of the light that faces the public says; `dark` for any that says nothing of a recording. */
export function lightOf(pattern: IndicatorPattern): Light {
	for (const light of LIGHTS) {
		if (light !== "dark" && STATE_SIGNALS[light].public === pattern) return light;
	}
	return "dark";
}

/** A light that also tells what it says whenever that changes. @param onShown - called after the light */
export function watchedLight(light: Indicator, onShown: (light: Light) => void): Indicator {
	return {
		show(pattern) {
			light.show(pattern);
			onShown(lightOf(pattern));
		},
		close() {
			light.close();
			onShown("dark");
		},
	};
}
