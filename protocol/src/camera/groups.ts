/** The camera's own SMP groups; numbers from 64 up are the vendor's (Zephyr `MGMT_GROUP_ID_PERUSER`). */
export const CameraGroup = {
	status: 64,
	events: 65,
	recordings: 66,
	log: 67,
	provisioning: 68,
	policy: 69,
	wearer: 70,
	capture: 71,
	firmware: 72,
	development: 73,
} as const;
