/** HCI packet indicators on a UART (Bluetooth Core, Vol 4 Part A, section 2). */
export const PACKET = { command: 0x01, acl: 0x02, event: 0x04 } as const;

/** Op codes of the commands a controller here knows (Bluetooth Core, Vol 4 Part E, section 7). */
export const COMMAND = {
	disconnect: 0x0406,
	setEventMask: 0x0c01,
	reset: 0x0c03,
	readLeHostSupported: 0x0c6c,
	writeLeHostSupported: 0x0c6d,
	readLocalVersion: 0x1001,
	readBufferSize: 0x1005,
	readAddress: 0x1009,
	readRssi: 0x1405,
	leSetEventMask: 0x2001,
	leReadBufferSize: 0x2002,
	leReadFeatures: 0x2003,
	leSetScanParameters: 0x200b,
	leSetScanEnable: 0x200c,
	leCreateConnection: 0x200d,
	leCreateConnectionCancel: 0x200e,
	leConnectionUpdate: 0x2013,
	leEnableEncryption: 0x2019,
	leParameterRequestReply: 0x2020,
	leParameterRequestNegativeReply: 0x2021,
	leSetDataLength: 0x2022,
	leReadMaximumDataLength: 0x202f,
	leReadPhy: 0x2030,
	leSetDefaultPhy: 0x2031,
	leSetPhy: 0x2032,
	leSetExtendedScanParameters: 0x2041,
	leSetExtendedScanEnable: 0x2042,
	leExtendedCreateConnection: 0x2043,
} as const;

/** Codes of events (Bluetooth Core, Vol 4 Part E, section 7.7). */
export const EVENT = {
	disconnectionComplete: 0x05,
	encryptionChange: 0x08,
	commandComplete: 0x0e,
	commandStatus: 0x0f,
	hardwareError: 0x10,
	numberOfCompletedPackets: 0x13,
	dataBufferOverflow: 0x1a,
	leMeta: 0x3e,
} as const;

/** Codes of the subevents of LE Meta (Bluetooth Core, Vol 4 Part E, section 7.7.65). */
export const LE_EVENT = {
	connectionComplete: 0x01,
	advertisingReport: 0x02,
	connectionUpdateComplete: 0x03,
	remoteParameterRequest: 0x06,
	dataLengthChange: 0x07,
	enhancedConnectionComplete: 0x0a,
	phyUpdateComplete: 0x0c,
	extendedAdvertisingReport: 0x0d,
} as const;

/** Error codes of the controller (Bluetooth Core, Vol 1 Part F). */
export const STATUS = {
	success: 0x00,
	unknownCommand: 0x01,
	unknownConnection: 0x02,
	keyMissing: 0x06,
	connectionTimeout: 0x08,
	connectionLimit: 0x09,
	commandDisallowed: 0x0c,
	unsupportedParameter: 0x11,
	invalidParameters: 0x12,
	remoteUserTerminated: 0x13,
	localHostTerminated: 0x16,
	unacceptableParameters: 0x3b,
	micFailure: 0x3d,
} as const;
