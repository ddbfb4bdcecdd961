import { useQuery } from '@tanstack/react-query';
import { CircleUserRound, Keyboard, LogOut, Monitor, Moon, Search, Sun, type LucideIcon } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '@/components/ui/menu';
import { Tooltip } from '@/components/ui/tooltip';
import { sessionQuery } from '@/lib/session';
import { themes, useTheme, type Theme } from '@/lib/theme';
import { Breadcrumb } from './breadcrumb';

interface TopBarProps {
  onSearch: () => void;
  onShortcuts: () => void;
}

export function TopBar({ onSearch, onShortcuts }: TopBarProps) {
  return (
    <header className="sticky top-0 z-20 flex h-12 items-center gap-2 border-b bg-background px-3 sm:px-6">
      <Breadcrumb />
      <div className="ml-auto flex shrink-0 items-center gap-1">
        <Button
          aria-label="Search pages, reviews, files"
          aria-keyshortcuts="Control+K"
          onClick={onSearch}
          className="font-normal text-muted max-lg:w-8 max-lg:border-transparent max-lg:bg-transparent max-lg:px-0 lg:w-56 lg:justify-start"
        >
          <Search aria-hidden />
          <span className="max-lg:hidden">Search</span>
          <span className="ml-auto max-lg:hidden">
            <Kbd>Ctrl K</Kbd>
          </span>
        </Button>
        <ThemeMenu />
        <PersonMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}

export const themeLooks: Readonly<Record<Theme, { name: string; icon: LucideIcon }>> = {
  light: { name: 'Light', icon: Sun },
  dark: { name: 'Dark', icon: Moon },
  system: { name: 'As the system', icon: Monitor },
};

function ThemeMenu() {
  const [theme, setTheme] = useTheme();
  const { icon: Icon, name } = themeLooks[theme];
  return (
    <Menu>
      <Tooltip text="Theme">
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label={`Theme: ${name}`}>
            <Icon aria-hidden />
          </Button>
        </MenuTrigger>
      </Tooltip>
      <MenuContent>
        <MenuRadioGroup
          value={theme}
          onValueChange={(value) => {
            setTheme(value as Theme);
          }}
        >
          {themes.map((value) => {
            const { name: label, icon: ItemIcon } = themeLooks[value];
            return (
              <MenuRadioItem key={value} value={value}>
                <ItemIcon aria-hidden />
                {label}
              </MenuRadioItem>
            );
          })}
        </MenuRadioGroup>
      </MenuContent>
    </Menu>
  );
}

function PersonMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const session = useQuery(sessionQuery).data;
  const signOutForm = useRef<HTMLFormElement>(null);
  if (!session) {
    return null;
  }
  const { user, csrf, version } = session;
  return (
    <>
      {/* A form, not a request: signing out leads through the identity provider's own page. */}
      <form ref={signOutForm} method="post" action="/logout" hidden>
        <input type="hidden" name="_csrf" value={csrf.token} />
      </form>
      <Menu>
        <Tooltip text={user.displayName}>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label={`Signed in as ${user.displayName}`}>
              <CircleUserRound aria-hidden />
            </Button>
          </MenuTrigger>
        </Tooltip>
        <MenuContent>
          <MenuLabel>
            <span className="block max-w-64 truncate text-sm font-semibold text-text">
              {user.displayName}
            </span>
            <span className="block max-w-64 truncate">
              {user.name} · {user.roles.join(', ') || 'no role'}
            </span>
          </MenuLabel>
          <MenuSeparator />
          <MenuItem onSelect={onShortcuts}>
            <Keyboard aria-hidden />
            Keyboard shortcuts
            <span className="ml-auto">
              <Kbd>?</Kbd>
            </span>
          </MenuItem>
          <MenuItem onSelect={() => signOutForm.current?.requestSubmit()}>
            <LogOut aria-hidden />
            Sign out
          </MenuItem>
          <MenuSeparator />
          <MenuLabel>Guildhall {version}</MenuLabel>
        </MenuContent>
      </Menu>
    </>
  );
}
