import { READ_OVERHEAD } from "@bodycam/protocol/camera/recordings";

/** Bytes of the largest SMP packet, header included. */
export const BUFFER_BYTES = 4096;

/** Requests a port has under way at most. */
export const BUFFER_COUNT = 8;

/** Bytes a response leaves for what a cursor reads: the buffer less header, map and cursor. */
export const PAGE_BYTES = BUFFER_BYTES - 256;

/** Bytes of a recording in one response. */
export const READ_BYTES = BUFFER_BYTES - READ_OVERHEAD;
