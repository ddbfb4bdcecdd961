import { act, screen, waitFor, within } from '@testing-library/react';
import { completedSteps, review, runningReview } from '@/testing/fixtures';
import { FakeEventSource } from '@/testing/fake-event-source';
import { renderApp } from '@/testing/render-app';

const stream = '/api/v1/reviews/1/events';

async function openStream(path = stream): Promise<FakeEventSource> {
  const source = await waitFor(() => {
    const [first] = FakeEventSource.to(path);
    expect(first).toBeDefined();
    return first!;
  });
  act(() => {
    source.open();
  });
  return source;
}

test('follows a running review until it is completed', async () => {
  const { platform } = renderApp('/reviews/1', (mock) => {
    mock.reviews = [runningReview({ steps: completedSteps.slice(0, 1) })];
  });
  const source = await openStream();
  expect(screen.getByRole('heading', { name: /Reviewing/ })).toBeVisible();
  act(() => {
    source.send('progress', {
      attempt: 1,
      state: 'running',
      steps: [
        ...completedSteps.slice(0, 4),
        {
          name: 'ask-model',
          state: 'running',
          detail: 'report/daily_report.py, 2 of 3 files',
          elapsedMillis: 900,
        },
      ],
    });
  });
  expect(await screen.findByText('report/daily_report.py, 2 of 3 files')).toBeVisible();
  expect(screen.getByText('Ask model, running')).toHaveAttribute('role', 'status');
  expect(
    within(screen.getByText('Publish').closest('li')!).getByRole('img', { name: 'to come' }),
  ).toBeVisible();

  platform.replace(review());
  act(() => {
    source.send('completed', { state: 'completed' });
  });
  expect(await screen.findByRole('region', { name: 'Verdict' })).toHaveTextContent('4 findings, 2 high');
  expect(FakeEventSource.to(stream)).toHaveLength(0);
});

test('ignores what comes late from an earlier attempt, and what it cannot read', async () => {
  renderApp('/reviews/1', (mock) => {
    mock.reviews = [runningReview({ attempt: 2, steps: completedSteps.slice(0, 1) })];
  });
  const source = await openStream();
  act(() => {
    source.send('progress', { attempt: 1, state: 'running', steps: completedSteps });
    source.send('progress', { steps: 'nonsense' });
  });
  expect(screen.queryByText('9 chunks of 14 indexed files')).not.toBeInTheDocument();
  expect(screen.getByRole('heading', { name: /attempt 2/ })).toBeVisible();
});

test('says that the connection is lost, and catches up', async () => {
  const { platform } = renderApp('/reviews/1', (mock) => {
    mock.reviews = [runningReview()];
  });
  const source = await openStream();
  act(() => {
    source.lose();
  });
  expect(
    await screen.findByText(/The connection for live updates is lost/, {}, { timeout: 3_000 }),
  ).toBeVisible();
  platform.replace(review());
  act(() => {
    source.open();
  });
  expect(await screen.findByRole('region', { name: 'Verdict' })).toBeVisible();
  expect(screen.queryByText(/The connection for live updates is lost/)).not.toBeInTheDocument();
});

test('connects anew where the server refused', async () => {
  renderApp('/reviews/1', (mock) => {
    mock.reviews = [runningReview()];
  });
  const source = await openStream();
  act(() => {
    source.refuse();
  });
  await waitFor(
    () => {
      expect(FakeEventSource.to(stream)).toHaveLength(1);
    },
    { timeout: 3_000 },
  );
});

test('the list follows its reviews', async () => {
  renderApp('/reviews', (mock) => {
    mock.reviews = [runningReview()];
  });
  const source = await openStream('/api/v1/reviews/events');
  const changed = review();
  act(() => {
    source.send('review', changed);
    source.send('review', { ...changed, id: 2, number: 2, title: 'Print receipts' });
  });
  await screen.findByRole('link', { name: 'Print receipts' });
  const rows = screen.getAllByRole('listitem').filter((item) => within(item).queryByRole('heading'));
  expect(rows[0]).toHaveTextContent('Print receipts');
  expect(rows[1]).toHaveTextContent('completedAdd refunds');
  expect(rows[1]).toHaveTextContent('2 high1 medium1 low');
});
