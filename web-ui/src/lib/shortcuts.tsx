import { createContext, use, useEffect, useEffectEvent, useMemo, useState, type ReactNode } from 'react';

/** Keys that a part of the page listens to. */
export interface Shortcut {
  key: string;
  does: string;
  run: () => void;
}

type Groups = ReadonlyMap<string, readonly Shortcut[]>;

interface Registry {
  groups: Groups;
  register: (group: string, shortcuts: readonly Shortcut[]) => () => void;
}

const ShortcutContext = createContext<Registry | null>(null);

/** Knows every shortcut of what is on the screen, so that `?` can list them. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const [groups, setGroups] = useState<Groups>(new Map());
  const registry = useMemo<Registry>(
    () => ({
      groups,
      register: (group, shortcuts) => {
        setGroups((before) => new Map(before).set(group, shortcuts));
        return () => {
          setGroups((before) => new Map([...before].filter(([name]) => name !== group)));
        };
      },
    }),
    [groups],
  );
  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

function useRegistry(): Registry {
  const registry = use(ShortcutContext);
  if (!registry) {
    throw new Error('shortcuts are used outside of ShortcutProvider: put the component inside of it');
  }
  return registry;
}

export function useShortcutGroups(): Groups {
  return useRegistry().groups;
}

/** Listens to single keys, but not while someone types or a dialog is open. The list must keep its order. */
export function useShortcuts(group: string, shortcuts: readonly Shortcut[]): void {
  const { register } = useRegistry();
  const registerOnce = useEffectEvent(() => register(group, shortcuts));
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const shortcut = shortcuts.find(({ key }) => key === event.key);
    if (shortcut && !event.defaultPrevented && !isTaken(event)) {
      event.preventDefault();
      shortcut.run();
    }
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      onKey(event);
    };
    document.addEventListener('keydown', listen);
    const unregister = registerOnce();
    return () => {
      document.removeEventListener('keydown', listen);
      unregister();
    };
  }, [group]);
}

function isTaken(event: KeyboardEvent): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  return (
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    !!target?.closest('input, textarea, select, [contenteditable]') ||
    !!document.querySelector('[role=dialog], [role=menu]')
  );
}
