import { describe, expect, it } from 'vitest';
import type { ProjectRole, Role } from '@/lib/schemas/account';
import { type Actor, authorize, can, displayedRole, installationActions, projectActions } from './permissions';

const actor = (role: Role): Actor => ({ userId: 'u', role });

// Every cell is written out: a change of who may do what has to be made here too.
const installation: Record<(typeof installationActions)[number], Record<Role, boolean>> = {
  'users.list': { admin: true, researcher: false, annotator: false },
  'users.manage': { admin: true, researcher: false, annotator: false },
  'audit.read': { admin: true, researcher: false, annotator: false },
  'invites.list': { admin: true, researcher: false, annotator: false },
  'invites.create': { admin: true, researcher: false, annotator: false },
  'projects.create': { admin: true, researcher: true, annotator: false },
  'demo.load': { admin: true, researcher: true, annotator: false },
  'models.read': { admin: true, researcher: true, annotator: false },
  'models.manage': { admin: true, researcher: false, annotator: false },
  'keys.manage': { admin: true, researcher: true, annotator: false },
};
const project: Record<(typeof projectActions)[number], { researcher: boolean; annotator: boolean }> = {
  'project.view': { researcher: true, annotator: true },
  'work.read': { researcher: true, annotator: true },
  annotate: { researcher: true, annotator: true },
  'project.edit': { researcher: true, annotator: false },
  'project.close': { researcher: true, annotator: false },
  'members.manage': { researcher: true, annotator: false },
  'prompts.import': { researcher: true, annotator: false },
  'prompts.read': { researcher: true, annotator: false },
  adjudicate: { researcher: true, annotator: false },
  'snapshots.read': { researcher: true, annotator: false },
  'snapshots.create': { researcher: true, annotator: false },
  'runs.read': { researcher: true, annotator: false },
  'runs.manage': { researcher: true, annotator: false },
};

describe('in the installation', () => {
  for (const action of installationActions) {
    for (const role of ['admin', 'researcher', 'annotator'] as const) {
      const allowed = installation[action][role];
      it(`${role} ${allowed ? 'may' : 'may not'} ${action}`, () => {
        expect(can(actor(role), action)).toBe(allowed);
        if (allowed) authorize(actor(role), action);
        else expect(() => authorize(actor(role), action)).toThrow(expect.objectContaining({ code: 'forbidden' }));
      });
    }
  }
});

describe('in a project', () => {
  for (const action of projectActions) {
    for (const projectRole of ['researcher', 'annotator'] as const) {
      const allowed = project[action][projectRole];
      it(`its ${projectRole} ${allowed ? 'may' : 'may not'} ${action}, whatever else the person is`, () => {
        for (const role of ['researcher', 'annotator'] as const) {
          expect(can(actor(role), action, { projectRole })).toBe(allowed);
          if (allowed) authorize(actor(role), action, { projectRole });
          else {
            expect(() => authorize(actor(role), action, { projectRole })).toThrow(
              expect.objectContaining({ code: 'forbidden' }),
            );
          }
        }
      });
    }
    it(`nobody outside may ${action}, or learns that the project exists; an admin may`, () => {
      for (const role of ['researcher', 'annotator'] as const) {
        expect(() => authorize(actor(role), action, { projectRole: null })).toThrow(
          expect.objectContaining({ code: 'not_found' }),
        );
      }
      for (const projectRole of ['researcher', 'annotator', null] as (ProjectRole | null)[]) {
        authorize(actor('admin'), action, { projectRole });
      }
    });
  }
});

it('a role that this program does not know may do nothing', () => {
  const stranger = actor('owner' as Role);
  for (const action of installationActions) expect(can(stranger, action)).toBe(false);
  for (const action of projectActions) expect(can(stranger, action, { projectRole: null })).toBe(false);
});

it('an admin is shown as one in every project, others as what they are there', () => {
  expect(displayedRole(actor('admin'), { projectRole: null })).toBe('admin');
  expect(displayedRole(actor('annotator'), { projectRole: 'researcher' })).toBe('researcher');
  expect(displayedRole(actor('researcher'), { projectRole: 'annotator' })).toBe('annotator');
});
