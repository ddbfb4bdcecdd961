import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { useShortcutGroups, type Shortcut } from '@/lib/shortcuts';

const palette: Shortcut = { key: 'Ctrl K', does: 'Search pages, reviews, files', run: () => undefined };

/** Lists the keys of what is on the screen. */
export function ShortcutsDialog({
  open,
  onOpenChange,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const groups = useShortcutGroups();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="space-y-4">
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3 className="mb-1 text-xs font-medium text-muted">{group}</h3>
            <dl className="divide-y">
              {[...shortcuts, ...(group === 'Everywhere' ? [palette] : [])].map(({ key, does }) => (
                <div key={key} className="flex items-center justify-between py-1.5">
                  <dt>{does}</dt>
                  <dd>
                    <Kbd>{key}</Kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
