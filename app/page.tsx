import { ProjectList } from '@/components/projects/project-list';
import { AppShell } from '@/components/shell/app-shell';
import { Translations } from '@/components/shell/translations';

export default function HomePage() {
  return (
    <AppShell>
      <Translations of={['projects']}>
        <ProjectList />
      </Translations>
    </AppShell>
  );
}
