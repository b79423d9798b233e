import { Check, Copy, WrapText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useDeviceChoice } from '@/components/ui/use-device-choice';
import { Scrolling } from './scrolling';

/** How long it says that the code was copied, in milliseconds. */
const SAID_FOR = 2000;

/** Code that scrolls in its own box, below buttons that are no part of the text. */
export function CodeBlock({ children }: { children: ReactNode }) {
  const t = useTranslations('content');
  const code = useRef<HTMLPreElement>(null);
  const [wraps, setWraps] = useDeviceChoice('rescue-code-wrap', false);
  const [isCopied, setIsCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setIsCopied(false), SAID_FOR);
    return () => clearTimeout(timer);
  }, [isCopied]);
  return (
    <div className="code-block" data-wraps={wraps || undefined}>
      <Scrolling what="code">
        <pre ref={code}>{children}</pre>
      </Scrolling>
      <div data-not-text className="code-tools">
        <button
          type="button"
          aria-label={t('wrapLines')}
          title={t('wrapLines')}
          aria-pressed={wraps}
          onClick={() => setWraps(!wraps)}
        >
          <WrapText aria-hidden="true" />
        </button>
        <button
          type="button"
          aria-label={t('copyCode')}
          title={t('copyCode')}
          onClick={async () => setIsCopied(await copyTextOf(code.current!))}
        >
          {isCopied ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
        </button>
        <span aria-live="polite" className="sr-only">
          {isCopied ? t('copied') : ''}
        </span>
      </div>
    </div>
  );
}

/** Copies code without the line end that Markdown adds. @returns whether it was copied; if not, it is selected */
async function copyTextOf(code: HTMLElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText((code.textContent ?? '').replace(/\n$/, ''));
    return true;
  } catch {
    // No permission, or plain http: an old way is left, and selecting it so that the person can copy by hand.
    getSelection()?.selectAllChildren(code);
    return document.execCommand('copy');
  }
}
