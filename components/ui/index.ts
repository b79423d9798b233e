/** One door to the primitives; api.ts is imported by itself (`@/components/ui/api`). */
export { Badge, type Tone } from './badge';
export { Button, type ButtonProps, DownloadButton, IconButton, LinkButton } from './button';
export { Card, CardHeader } from './card';
export { classNames } from './class-names';
export { Dialog } from './dialog';
export {
  Checkbox,
  Field,
  type FieldControlProps,
  RadioCards,
  type RadioOption,
  Select,
  type SelectOption,
  TextArea,
  TextField,
} from './field';
export { MenuButton } from './menu';
export type { MenuEntry } from './menu-entry';
export { Page, PageHeader } from './page-header';
export { ProgressBar } from './progress-bar';
export { Spinner } from './spinner';
export { Stat, StatRow } from './stat';
export { EmptyState, ErrorState, LoadingState, Notice, Skeleton, useErrorMessage } from './states';
export { Table, Td, Th } from './table';
export { type TabItem, Tabs } from './tabs';
export { TierBadge, TierNumber, useTierRamp } from './tier';
export { ToastProvider, type ToastTone, useToast } from './toast';
