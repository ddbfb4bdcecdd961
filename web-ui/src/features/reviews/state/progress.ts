import type { ProgressEvent, Review, ReviewStep } from '../api/schemas';

/** The steps of a run in their order, with the words for people. */
export const stepLabels: ReadonlyMap<string, string> = new Map([
  ['queued', 'Queued'],
  ['read-diff', 'Read diff'],
  ['find-context', 'Find context'],
  ['analyze', 'Analyze'],
  ['ask-model', 'Ask model'],
  ['second-check', 'Second check'],
  ['publish', 'Publish'],
]);

/** A review as it stands after an event; what comes late, of an earlier attempt, changes nothing. */
export function applyProgress(review: Review, event: ProgressEvent): Review {
  if (event.attempt < review.attempt) {
    return review;
  }
  return { ...review, attempt: event.attempt, state: event.state, steps: event.steps };
}

export interface ShownStep {
  name: string;
  label: string;
  state: ReviewStep['state'] | 'pending';
  detail: string;
  elapsedMillis: number | undefined;
}

/** What happened, followed, while the review runs, by what is still to come. */
export function shownSteps(review: Pick<Review, 'state' | 'steps'>): ShownStep[] {
  const shown: ShownStep[] = review.steps.map((step) => ({
    ...step,
    label: stepLabels.get(step.name) ?? step.name,
  }));
  if (review.state === 'queued' || review.state === 'running') {
    for (const [name, label] of stepLabels) {
      if (!shown.some((step) => step.name === name)) {
        shown.push({ name, label, state: 'pending', detail: '', elapsedMillis: undefined });
      }
    }
  }
  return shown;
}
