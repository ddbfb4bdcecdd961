import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from './button';

interface CopyButtonProps {
  text: string;
  label?: string;
  /** Shows the icon alone. */
  quiet?: boolean;
}

/** Copies a text and says that it did. */
export function CopyButton({ text, label = 'Copy', quiet = false }: CopyButtonProps) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>();

  useEffect(() => {
    if (!outcome) {
      return;
    }
    const timer = window.setTimeout(() => {
      setOutcome(undefined);
    }, 2_000);
    return () => {
      window.clearTimeout(timer);
    };
  }, [outcome]);

  return (
    <Button
      size="small"
      variant={quiet ? 'ghost' : 'secondary'}
      className={quiet ? 'w-7 px-0' : undefined}
      title={quiet ? label : undefined}
      onClick={() => {
        copy(text).then(
          () => {
            setOutcome('copied');
          },
          () => {
            setOutcome('refused');
          },
        );
      }}
    >
      {outcome === 'copied' ? <Check aria-hidden /> : <Copy aria-hidden />}
      <span aria-live="polite" className={quiet ? 'sr-only' : undefined}>
        {outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Cannot copy here' : label}
      </span>
    </Button>
  );
}

async function copy(text: string): Promise<void> {
  // Browsers offer the clipboard only over HTTPS and on localhost.
  if (!('clipboard' in navigator)) {
    throw new Error('the clipboard is not available: open Guildhall over HTTPS');
  }
  await navigator.clipboard.writeText(text);
}
