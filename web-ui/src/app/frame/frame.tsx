import { useState } from 'react';
import { NavLink, Outlet, ScrollRestoration } from 'react-router';
import { cn } from '@/lib/cn';
import { useShortcuts } from '@/lib/shortcuts';
import { CommandPalette } from './command-palette';
import { Logo } from './logo';
import { pages } from './pages';
import { ShortcutsDialog } from './shortcuts-dialog';
import { TopBar } from './top-bar';

/** What surrounds every page: the rail, the top, the palette. */
export function Frame() {
  const [paletteOpen, setPaletteOpen] = useState(false);
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  useShortcuts('Everywhere', [
    {
      key: '?',
      does: 'List the shortcuts',
      run: () => {
        setShortcutsOpen(true);
      },
    },
  ]);

  return (
    <div className="min-h-dvh md:pl-14 2xl:pl-48">
      <a
        href="#content"
        className="sr-only z-50 rounded bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        Go to the content
      </a>
      <Rail />
      <TopBar
        onSearch={() => {
          setPaletteOpen(true);
        }}
        onShortcuts={() => {
          setShortcutsOpen(true);
        }}
      />
      <main id="content" tabIndex={-1} className="px-3 py-5 outline-none max-md:pb-20 sm:px-6">
        <Outlet />
      </main>
      <CommandPalette open={paletteOpen} onOpenChange={setPaletteOpen} />
      <ShortcutsDialog open={shortcutsOpen} onOpenChange={setShortcutsOpen} />
      <ScrollRestoration />
    </div>
  );
}

/** On the left where there is room, else a bar below. */
function Rail() {
  return (
    <nav
      aria-label="Pages"
      className="fixed z-30 flex border-border bg-surface max-md:inset-x-0 max-md:bottom-0 max-md:border-t md:inset-y-0 md:left-0 md:w-14 md:flex-col md:gap-1 md:border-r md:p-2 2xl:w-48"
    >
      <div className="mb-2 flex h-8 items-center gap-2.5 px-1 max-md:hidden">
        <Logo className="size-8 shrink-0" />
        <span className="text-base font-semibold max-2xl:hidden">Guildhall</span>
      </div>
      {pages.map(({ path, name, icon: Icon }) => (
        <NavLink
          key={path}
          to={path}
          title={name}
          className={({ isActive }) =>
            cn(
              'flex items-center gap-2.5 rounded font-medium text-muted hover:bg-hover hover:text-text max-md:h-14 max-md:flex-1 max-md:flex-col max-md:justify-center max-md:gap-1 max-md:text-xs md:h-9 md:px-3 2xl:text-sm',
              isActive &&
                'bg-accent-soft text-accent hover:bg-accent-soft hover:text-accent max-md:bg-transparent',
            )
          }
        >
          <Icon aria-hidden className="size-4 shrink-0 max-md:size-5" />
          <span className="md:max-2xl:sr-only">{name}</span>
        </NavLink>
      ))}
    </nav>
  );
}
