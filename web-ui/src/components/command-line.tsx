import { CopyButton } from './ui/copy-button';

/** A command to type, with Copy. */
export function CommandLine({ command }: { command: string }) {
  return (
    <div className="flex max-w-full items-center gap-2 rounded border bg-surface py-1 pr-1 pl-3 text-left">
      <code className="min-w-0 overflow-x-auto text-sm whitespace-nowrap">{command}</code>
      <CopyButton text={command} />
    </div>
  );
}
