import { ProjectList } from '@/components/projects/project-list';
import { AppShell } from '@/components/shell/app-shell';

export default function HomePage() {
  return (
    <AppShell>
      <ProjectList />
    </AppShell>
  );
}
