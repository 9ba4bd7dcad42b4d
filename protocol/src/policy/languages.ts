/** Languages in which the camera may speak, as BCP 47 tags. */
export const ANNOUNCEMENT_LANGUAGES = ["de", "en", "tr", "ar", "pl", "ru", "ro", "uk"] as const;

/** One of `ANNOUNCEMENT_LANGUAGES`. */
export type AnnouncementLanguage = (typeof ANNOUNCEMENT_LANGUAGES)[number];

/** The languages whose texts were reviewed; the texts of all others are drafts until an agency signs them off. */
export const REVIEWED_LANGUAGES: readonly AnnouncementLanguage[] = ["de", "en"];

/** English name of a language, for people. */
export const LANGUAGE_NAMES: Readonly<Record<AnnouncementLanguage, string>> = {
	de: "German",
	en: "English",
	tr: "Turkish",
	ar: "Arabic",
	pl: "Polish",
	ru: "Russian",
	ro: "Romanian",
	uk: "Ukrainian",
};
