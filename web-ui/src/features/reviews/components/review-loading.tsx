import { LoadingShape, Skeleton } from '@/components/ui/skeleton';

/** The shape of a review while it loads. */
export function ReviewLoading() {
  return (
    <LoadingShape label="Loading the review">
      <div className="space-y-5">
        <Skeleton className="h-7 w-2/5" />
        <Skeleton className="h-4 w-3/5" />
        <Skeleton className="h-14" />
        <div className="grid gap-5 xl:grid-cols-[300px_minmax(0,1fr)]">
          <Skeleton className="h-48" />
          <Skeleton className="h-96" />
        </div>
      </div>
    </LoadingShape>
  );
}
