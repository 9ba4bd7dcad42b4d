/** The longest pre-recording that the built-in policy allows, seconds. */
export const PRE_RECORD_MAX_S = 120;
