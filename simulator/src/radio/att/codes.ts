/** Op codes of ATT (Bluetooth Core, Vol 3 Part F, section 3.4.8). */
export const ATT = {
	error: 0x01,
	mtuRequest: 0x02,
	mtuResponse: 0x03,
	findInformationRequest: 0x04,
	findInformationResponse: 0x05,
	findByTypeValueRequest: 0x06,
	findByTypeValueResponse: 0x07,
	readByTypeRequest: 0x08,
	readByTypeResponse: 0x09,
	readRequest: 0x0a,
	readResponse: 0x0b,
	readBlobRequest: 0x0c,
	readBlobResponse: 0x0d,
	readByGroupRequest: 0x10,
	readByGroupResponse: 0x11,
	writeRequest: 0x12,
	writeResponse: 0x13,
	notification: 0x1b,
	confirmation: 0x1e,
	writeCommand: 0x52,
} as const;

/** Error codes of ATT (Bluetooth Core, Vol 3 Part F, section 3.4.1.1). */
export const ATT_ERROR = {
	invalidHandle: 0x01,
	readNotPermitted: 0x02,
	writeNotPermitted: 0x03,
	invalidPdu: 0x04,
	requestNotSupported: 0x06,
	invalidOffset: 0x07,
	attributeNotFound: 0x0a,
	invalidLength: 0x0d,
	insufficientEncryption: 0x0f,
	unsupportedGroup: 0x10,
} as const;

/** MTU before it is exchanged, octets (Bluetooth Core, Vol 3 Part G, section 5.2.1). */
export const DEFAULT_MTU = 23;

/** Longest value of an attribute, octets (Bluetooth Core, Vol 3 Part F, section 3.2.9). */
export const MAXIMUM_VALUE = 512;
