/** Re-exports the primitives; api.ts is imported separately (`@/components/ui/api`). */
export { Badge, type Tone } from './badge';
export { Button, DownloadButton, IconButton, LinkButton } from './button';
export { Card, CardHeader } from './card';
export { Dialog } from './dialog';
export {
  Checkbox,
  RadioCards,
  Select,
  TextArea,
  TextField,
} from './field';
export { Page, PageHeader } from './page-header';
export { ProgressBar } from './progress-bar';
export { EmptyState, ErrorState, LoadingState, Notice, useErrorMessage } from './states';
export { Table, Td, Th } from './table';
export { Tabs } from './tabs';
export { TierBadge } from './tier';
export { useToast } from './toast';
