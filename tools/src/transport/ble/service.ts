import { SMP_CHARACTERISTIC, SMP_SERVICE } from "@bodycam/protocol/smp/ble";

const plain = (uuid: string): string => uuid.replaceAll("-", "");

/** The SMP service as noble writes UUIDs. */
export const SERVICE_UUID = plain(SMP_SERVICE);

/** Its characteristic as noble writes UUIDs. */
export const CHARACTERISTIC_UUID = plain(SMP_CHARACTERISTIC);
