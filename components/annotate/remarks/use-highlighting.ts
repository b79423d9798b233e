import { useDeviceChoice } from '@/components/ui/use-device-choice';

/** Whether a pointer on a response selects text instead of dragging the card; remembered on this device. */
export const useHighlighting = () => useDeviceChoice('rescue-marking', false);
