import type { SegmentLayout } from '../backends/backend';
import type { LinearPass } from './linear';
import type { Model } from './model';
import type { WorkspaceBuffers } from './workspace';

/** One forward or backward pass over a packed block. */
export interface Pass extends LinearPass {
  readonly model: Model;
  readonly w: WorkspaceBuffers;
  readonly segments: SegmentLayout;
  readonly rows: number;
}
