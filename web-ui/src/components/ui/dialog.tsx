import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { Button } from './button';

interface DialogFrameProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  className?: string;
  children: ReactNode;
}

/**
 * What every dialog stands in. The ground behind it is not Radix's `Overlay`, which adds a style sheet to the page to
 * hold its scrolling; the content security policy allows ours only, and `styles.css` does it.
 */
export function DialogFrame({ open, onOpenChange, className, children }: DialogFrameProps) {
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      <Primitive.Portal>
        <div className="fixed inset-0 z-40 bg-[rgb(0_0_0/0.4)]" />
        <Primitive.Content
          aria-describedby={undefined}
          className={cn(
            'fixed top-[12vh] left-1/2 z-50 flex max-h-[76vh] -translate-x-1/2 flex-col overflow-hidden rounded border bg-raised shadow',
            className,
          )}
        >
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export const DialogTitle = Primitive.Title;

interface DialogProps extends Omit<DialogFrameProps, 'className'> {
  title: string;
}

export function Dialog({ open, onOpenChange, title, children }: DialogProps) {
  return (
    <DialogFrame open={open} onOpenChange={onOpenChange} className="w-[min(560px,calc(100vw-24px))]">
      <div className="flex items-center justify-between border-b py-2 pr-2 pl-4">
        <DialogTitle className="text-base font-semibold">{title}</DialogTitle>
        <Primitive.Close asChild>
          <Button variant="ghost" size="icon" aria-label="Close">
            <X aria-hidden />
          </Button>
        </Primitive.Close>
      </div>
      <div className="overflow-y-auto p-4">{children}</div>
    </DialogFrame>
  );
}
