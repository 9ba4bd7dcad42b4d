import type { PolicyProfile } from "../profile.ts";
import { germanRules } from "./german.ts";

/** North Rhine-Westphalia, police and municipal order services: no pre-recording, locked. */
export const deNw: PolicyProfile = {
	...germanRules,
	name: "de-nw",
	title: "North Rhine-Westphalia: police and municipal order services",
	jurisdiction: {
		place: "Nordrhein-Westfalen",
		code: "DE-NW",
		legalBasis: [
			{
				reference: "§ 15c(1) PolG NRW",
				text: "Picture and sound are recorded openly, on facts that indicate a concrete danger to life or limb.",
			},
			{
				reference: "§ 24(1) no. 6 OBG NRW",
				text: "Extends § 15c PolG NRW to municipal order services, since July 2021.",
			},
			{
				reference: "§ 15c(2) PolG NRW",
				text: "In homes only in urgent danger; the officer in charge decides.",
			},
			{
				reference: "§ 15c(3) PolG NRW",
				text: "Recognisable and told to the persons concerned, except in imminent danger; none in areas of professional secrecy; encrypted and tamper-proof when made.",
			},
			{
				reference: "VVPolG NRW zu § 15c",
				text: "The recording is interrupted for the core area of private life.",
			},
		],
	},
	sources: [
		"§ 15c PolG NRW; § 24(1) no. 6 OBG NRW; VVPolG NRW zu § 15c",
		"Retention: deleted after two weeks unless needed, published commentary on § 15c",
		"Pre-recording: no enabling text found; a commentary of 2016 says it is prohibited",
	],
	preRecording: { mode: "off", maximumMs: 0, defaultMs: 0, sound: false, locked: true },
	retention: { class: "de-nw-15c", days: 14 },
};
