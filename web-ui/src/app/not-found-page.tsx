import { MapPinOff } from 'lucide-react';
import { Link } from 'react-router';
import { EmptyState } from '@/components/empty-state';
import { PageHeader } from '@/components/page-header';
import { Button } from '@/components/ui/button';

export function NotFoundPage() {
  return (
    <div className="mx-auto max-w-[1440px]">
      <title>No such page · Guildhall</title>
      <PageHeader title="No such page" />
      <EmptyState
        icon={MapPinOff}
        title="Nothing is at this address"
        action={
          <Button asChild>
            <Link to="/reviews">Go to the reviews</Link>
          </Button>
        }
      >
        <p>The address may be misspelt, or what it named is gone.</p>
      </EmptyState>
    </div>
  );
}
