import { useQuery } from '@tanstack/react-query';
import { FolderGit2, GitBranch } from 'lucide-react';
import { Link } from 'react-router';
import { CommandLine } from '@/components/command-line';
import { EmptyState } from '@/components/empty-state';
import { ErrorPanel } from '@/components/error-panel';
import { PageHeader } from '@/components/page-header';
import { Button } from '@/components/ui/button';
import { MiddleCut } from '@/components/ui/middle-cut';
import { LoadingShape, Skeleton } from '@/components/ui/skeleton';
import { repositoriesQuery, type Repository } from './api/get-repositories';
import { IndexState } from './components/index-state';

/** The registered repositories and how far their indexes are. */
export function RepositoriesPage() {
  const repositories = useQuery(repositoriesQuery);
  return (
    <div className="mx-auto max-w-[1440px]">
      <title>Repositories · Guildhall</title>
      <PageHeader title="Repositories" />
      {repositories.isPending ? (
        <LoadingShape label="Loading the repositories">
          <div className="divide-y rounded border">
            {[0, 1, 2].map((row) => (
              <div key={row} className="space-y-2 px-4 py-4">
                <Skeleton className="h-4 w-1/4" />
                <Skeleton className="h-4 w-2/5" />
              </div>
            ))}
          </div>
        </LoadingShape>
      ) : repositories.isError ? (
        <ErrorPanel
          what="The repositories could not be loaded"
          error={repositories.error}
          onRetry={() => void repositories.refetch()}
        />
      ) : repositories.data.items.length === 0 ? (
        <EmptyState
          icon={FolderGit2}
          title="No repositories yet"
          action={<CommandLine command="./guildhall repository add PATH" />}
        >
          <p>
            Guildhall reviews the pull requests of registered repositories, and searches their code for
            context.
          </p>
        </EmptyState>
      ) : (
        <ul className="divide-y rounded border">
          {repositories.data.items.map((repository) => (
            <RepositoryRow key={repository.id} repository={repository} />
          ))}
        </ul>
      )}
    </div>
  );
}

function RepositoryRow({ repository }: { repository: Repository }) {
  return (
    <li className="grid items-start gap-x-6 gap-y-3 px-4 py-4 md:grid-cols-[minmax(0,2fr)_minmax(0,2fr)_auto]">
      <div className="min-w-0">
        <h2 className="flex min-w-0 text-base font-semibold">
          <MiddleCut text={repository.name} />
        </h2>
        <p className="flex min-w-0 text-sm text-muted">
          <MiddleCut text={repository.location} className="font-mono text-xs leading-5" />
        </p>
        <p className="flex items-center gap-1.5 text-sm text-muted">
          <GitBranch aria-hidden className="size-3.5" />
          {repository.defaultBranch}
        </p>
      </div>
      <IndexState index={repository.index} />
      <Button asChild size="small">
        <Link
          to={`/reviews?repositoryId=${encodeURIComponent(repository.id)}`}
          aria-label={`Reviews of ${repository.name}`}
        >
          Reviews
        </Link>
      </Button>
    </li>
  );
}
