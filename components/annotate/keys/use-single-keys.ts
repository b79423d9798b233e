import { useDeviceChoice } from '@/components/ui/use-device-choice';

/** Whether single keys work everywhere on the board page; remembered on this device. */
export const useSingleKeys = () => useDeviceChoice('rescue-single-keys', true);
