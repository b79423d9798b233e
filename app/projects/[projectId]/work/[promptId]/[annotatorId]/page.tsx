import { Translations } from '@/components/shell/translations';
import { AnnotatorAnswerPage } from '@/components/work/annotator-answer-page';
import { pageMetadata } from '@/lib/i18n/page-metadata';

export const generateMetadata = pageMetadata('answer');

type Params = { projectId: string; promptId: string; annotatorId: string };

export default async function ProjectAnswerPage({ params }: { params: Promise<Params> }) {
  const { projectId, promptId, annotatorId } = await params;
  return (
    <Translations of={['work', 'marks', 'annotate', 'content']}>
      <AnnotatorAnswerPage projectId={projectId} promptId={promptId} annotatorId={decodeURIComponent(annotatorId)} />
    </Translations>
  );
}
