/** UUID of the SMP service (Zephyr, SMP over Bluetooth). */
export const SMP_SERVICE = "8d53dc1d-1db7-4cd3-868b-8a527460aa84";

/** UUID of its only characteristic: requests are written to it without response, responses come as notifications. */
export const SMP_CHARACTERISTIC = "da2e7828-fbce-4e01-ae9e-261174997c48";

/** Octets of a notification or of a write without response before its value (Bluetooth Core, Vol 3 Part F, section 3.4). */
export const ATT_HEADER_OCTETS = 3;

/** The ATT MTU that fills two of the longest data packets, L2CAP header included: 2 × 251 − 4 octets. */
export const PREFERRED_MTU = 498;

/** Why a camera is busy for a client while another one that is connected to it over Bluetooth commands it. */
export const OTHER_CLIENT_COMMANDS =
	"another client commands the camera; try again 10 s after its last request or when it has gone";
