import { useMemo } from 'react';
import { classNames } from '@/components/ui/class-names';
import { foldText } from './fold';
import { FormattedText } from './formatted-text';
import { useTextForm } from './text-forms';

/** How what does not fit in a folded text fades away. */
export const FOLDED = 'max-h-[11.5em] overflow-hidden mask-[linear-gradient(black_70%,transparent)]';

/** The beginning of a text, drawn as the board draws it: the same few lines' work for any length. */
export function Excerpt({ text, className }: { text: string; className?: string }) {
  const textForm = useTextForm();
  const { long, preview } = useMemo(() => foldText(text), [text]);
  const form = useMemo(() => textForm(text), [text, textForm]);
  return (
    // Nothing that the fold hides takes the focus.
    <div inert={long} className={classNames('min-w-0 leading-relaxed', long && FOLDED, className)}>
      <FormattedText text={preview} form={form} />
    </div>
  );
}
