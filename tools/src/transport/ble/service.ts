/** The SMP service (Zephyr, SMP over Bluetooth), as noble writes UUIDs. */
export const SMP_SERVICE = "8d53dc1d1db74cd3868b8a527460aa84";

/** Its characteristic: requests are written without response, answers are notified. */
export const SMP_CHARACTERISTIC = "da2e7828fbce4e01ae9e261174997c48";
