import { FileText } from 'lucide-react';
import type { Ref } from 'react';
import { plural } from '@/components/ui/format';
import type { Task } from '@/lib/schemas/annotation';

const roleNames = { system: 'Instruction', user: 'User', assistant: 'Assistant' } as const;

/** What the model was asked, and the documents it was given. `headingRef` takes the focus when a prompt opens. */
export function PromptPanel({
  task,
  guidance,
  headingRef,
}: {
  task: Task;
  /** What annotators should judge, in the project's words; empty for none. */
  guidance: string;
  headingRef: Ref<HTMLHeadingElement>;
}) {
  const single = task.messages.length === 1;
  return (
    <section aria-label="Prompt" className="min-w-0">
      <div className="flex items-baseline justify-between gap-3">
        <h1 ref={headingRef} tabIndex={-1} className="font-medium text-[0.8125rem] text-soft outline-none">
          Prompt <span className="font-mono font-normal text-faint">{task.externalId}</span>
        </h1>
      </div>
      {single ? (
        <p dir="auto" className="prose-response mt-1.5 text-[1.0625rem] leading-relaxed">
          {task.messages[0]?.content}
        </p>
      ) : (
        <ol className="mt-2 grid gap-2">
          {task.messages.map((message, index) => (
            <li
              // biome-ignore lint/suspicious/noArrayIndexKey: turns have no id and never change
              key={index}
              className={
                message.role === 'assistant'
                  ? 'mr-6 rounded-lg rounded-tl-sm bg-sunken px-3.5 py-2.5'
                  : message.role === 'system'
                    ? 'px-1 text-sm text-soft'
                    : 'ml-6 rounded-lg rounded-tr-sm bg-accent-wash px-3.5 py-2.5'
              }
            >
              <p className="text-faint text-xs">{roleNames[message.role]}</p>
              <p dir="auto" className="prose-response">
                {message.content}
              </p>
            </li>
          ))}
        </ol>
      )}
      {task.documents.length > 0 ? (
        <div className="mt-5">
          <h2 className="mb-2 flex items-center gap-2 font-medium text-[0.8125rem] text-soft">
            <FileText aria-hidden="true" className="size-4 text-faint" />
            {plural(task.documents.length, 'document')}
          </h2>
          <div className="overflow-hidden rounded-lg border border-line bg-surface">
            {task.documents.map((document, index) => (
              <Disclosure
                // biome-ignore lint/suspicious/noArrayIndexKey: two documents may share a title; the list never changes
                key={index}
                // Responses cite documents by their number.
                title={`${index + 1}. ${document.title || 'Document'}`}
                text={document.text}
              />
            ))}
          </div>
        </div>
      ) : null}
      {guidance ? (
        <div className="mt-5 overflow-hidden rounded-lg border border-line bg-surface">
          <Disclosure title="What to judge" text={guidance} />
        </div>
      ) : null}
    </section>
  );
}

function Disclosure({ title, text }: { title: string; text: string }) {
  return (
    <details className="group border-line border-b last:border-b-0">
      <summary className="flex list-none items-center gap-2.5 px-3.5 py-2.5 font-medium text-sm -outline-offset-2 hover:bg-hover [&::-webkit-details-marker]:hidden">
        <span
          aria-hidden="true"
          className="size-1.5 shrink-0 rotate-45 border-faint border-t-2 border-r-2 transition-transform group-open:rotate-135"
        />
        <span dir="auto" className="min-w-0 wrap-anywhere">
          {title}
        </span>
      </summary>
      <p dir="auto" className="prose-response px-3.5 pb-3.5 text-sm leading-relaxed">
        {text}
      </p>
    </details>
  );
}
