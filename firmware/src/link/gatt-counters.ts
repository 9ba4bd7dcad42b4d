/** What has happened on Bluetooth LE since the start. */
export class GattCounters {
	/** Clients that have connected. */
	connections = 0;
	/** Connections that have ended. */
	disconnections = 0;
	/** Whole requests. */
	requests = 0;
	/** Requests answered busy, because another client commands. */
	busyAnswers = 0;
	/** Bytes written by clients. */
	receivedBytes = 0;
	/** Bytes of responses. */
	sentBytes = 0;
	/** Requests dropped because their writes made no packet. */
	droppedPackets = 0;
	/** Notifications that nobody had subscribed to, or that were too long. */
	refusedNotifications = 0;
}
