import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { FileCode2, FolderGit2, ScanEye, Search, type LucideIcon } from 'lucide-react';
import { useEffect, useEffectEvent, type ReactNode } from 'react';
import { useMatch, useNavigate } from 'react-router';
import { DialogFrame, DialogTitle } from '@/components/ui/dialog';
import { MiddleCut } from '@/components/ui/middle-cut';
import { repositoriesQuery } from '@/features/repositories/api/get-repositories';
import { reviewQuery } from '@/features/reviews/api/get-review';
import { reviewsQuery } from '@/features/reviews/api/get-reviews';
import { SeverityIcon } from '@/features/reviews/components/severity';
import { themes, useTheme } from '@/lib/theme';
import { pages } from './pages';
import { themeLooks } from './top-bar';

interface CommandPaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Goes anywhere by name: pages, reviews, repositories, and the files and findings of the review on the screen. */
export function CommandPalette({ open, onOpenChange }: CommandPaletteProps) {
  const toggle = useEffectEvent(() => {
    onOpenChange(!open);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() === 'k' &&
        (event.ctrlKey || event.metaKey) &&
        !event.altKey &&
        !event.shiftKey
      ) {
        event.preventDefault();
        toggle();
      }
    };
    document.addEventListener('keydown', listen);
    return () => {
      document.removeEventListener('keydown', listen);
    };
  }, []);

  return (
    <DialogFrame open={open} onOpenChange={onOpenChange} className="w-[min(640px,calc(100vw-24px))]">
      <DialogTitle className="sr-only">Search</DialogTitle>
      <Command label="Search" loop>
        <div className="flex items-center gap-2 border-b px-4">
          <Search aria-hidden className="size-4 shrink-0 text-muted" />
          <Command.Input
            placeholder="Go to a page, review, repository or file"
            className="h-12 w-full bg-transparent text-base outline-none placeholder:text-muted"
          />
        </div>
        <Command.List className="max-h-[50vh] overflow-y-auto p-2">
          <Command.Empty className="px-2 py-6 text-center text-muted">Nothing has this name.</Command.Empty>
          <Destinations
            onLeave={() => {
              onOpenChange(false);
            }}
          />
        </Command.List>
      </Command>
    </DialogFrame>
  );
}

const filesMax = 300;

/** Asked for only while the palette is open. */
function Destinations({ onLeave }: { onLeave: () => void }) {
  const navigate = useNavigate();
  const [, setTheme] = useTheme();
  const id = Number(useMatch('/reviews/:id')?.params.id);
  const review = useQuery({ ...reviewQuery(id), enabled: Number.isSafeInteger(id) }).data;
  const reviews = useQuery(reviewsQuery({ page: 0 })).data?.items ?? [];
  const repositories = useQuery(repositoriesQuery).data?.items ?? [];
  const go = (to: string) => () => {
    onLeave();
    void navigate(to);
  };
  return (
    <>
      <Group heading="Pages">
        {pages.map(({ path, name, icon }) => (
          <Item key={path} value={`page ${name}`} icon={icon} onSelect={go(path)}>
            {name}
          </Item>
        ))}
      </Group>
      {review && review.findings.length > 0 && (
        <Group heading="Findings of this review">
          {review.findings.map(({ fingerprint, title, severity }) => (
            <Item
              key={fingerprint}
              value={`finding ${title} ${fingerprint}`}
              mark={<SeverityIcon severity={severity} />}
              onSelect={go(`/reviews/${review.id}?finding=${encodeURIComponent(fingerprint)}`)}
            >
              {title}
            </Item>
          ))}
        </Group>
      )}
      {review && review.files.length > 0 && (
        <Group heading="Files of this review">
          {review.files.slice(0, filesMax).map(({ index, path }) => (
            <Item
              key={index}
              value={`file ${path}`}
              icon={FileCode2}
              onSelect={go(`/reviews/${review.id}?file=${encodeURIComponent(path)}`)}
            >
              {path}
            </Item>
          ))}
        </Group>
      )}
      <Group heading="Reviews">
        {reviews.map((item) => (
          <Item
            key={item.id}
            value={`review ${item.repository.name} #${item.number} ${item.title} ${item.id}`}
            icon={ScanEye}
            onSelect={go(`/reviews/${item.id}`)}
          >
            {`${item.repository.name} #${item.number} ${item.title}`}
          </Item>
        ))}
      </Group>
      <Group heading="Repositories">
        {repositories.map((repository) => (
          <Item
            key={repository.id}
            value={`repository ${repository.name}`}
            icon={FolderGit2}
            onSelect={go(`/reviews?repositoryId=${encodeURIComponent(repository.id)}`)}
          >
            {repository.name}
          </Item>
        ))}
      </Group>
      <Group heading="Theme">
        {themes.map((theme) => (
          <Item
            key={theme}
            value={`theme ${themeLooks[theme].name}`}
            icon={themeLooks[theme].icon}
            onSelect={() => {
              onLeave();
              setTheme(theme);
            }}
          >
            {themeLooks[theme].name}
          </Item>
        ))}
      </Group>
    </>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  value: string;
  icon?: LucideIcon;
  mark?: ReactNode;
  onSelect: () => void;
  children: string;
}

function Item({ value, icon: Icon, mark, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      value={value}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded px-2 text-sm data-[selected=true]:bg-hover"
    >
      {mark ?? (Icon && <Icon aria-hidden className="size-4 shrink-0 text-muted" />)}
      <MiddleCut text={children} className="flex-1" />
    </Command.Item>
  );
}
