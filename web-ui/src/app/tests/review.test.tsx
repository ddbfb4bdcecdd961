import { act, screen, waitFor, within } from '@testing-library/react';
import { FakeNearObserver } from '@/testing/fake-near-observer';
import { failedReview, finding, longReview, review, reviewedFile } from '@/testing/fixtures';
import { renderApp } from '@/testing/render-app';

const sqlTitle = 'The receipt number is pasted into the SQL';

test('says the verdict first: findings, what was read, time, model', async () => {
  renderApp('/reviews/1');
  expect(await screen.findByRole('heading', { level: 1, name: 'Add refunds' })).toBeVisible();
  const verdict = screen.getByRole('region', { name: 'Verdict' });
  expect(verdict).toHaveTextContent(
    '4 findings, 2 high·3 of 6 files read, 1 in part·48 s·qwen2.5-coder-1.5b-instruct',
  );
  expect(verdict).toHaveTextContent('2 more findings were dropped');
});

test('shows each finding at its line, with severity, source, confidence and suggestion', async () => {
  renderApp('/reviews/1');
  const changes = await screen.findByRole('table', {
    name: 'Changes of src/main/java/com/example/till/RefundService.java',
  });
  const thread = within(changes).getByRole('article', { name: sqlTitle });
  expect(thread).toHaveTextContent('high');
  expect(thread).toHaveTextContent('sql-injection');
  expect(thread).toHaveTextContent('lines 42–44');
  expect(thread).toHaveTextContent('found by model (qwen2.5-coder-1.5b-instruct)');
  expect(thread).toHaveTextContent('94 % sure');
  expect(within(thread).getByText('try-with-resources').tagName).toBe('STRONG');

  const suggestion = within(thread).getByRole('figure', { name: 'Suggested change' });
  expect(suggestion).toHaveTextContent(/removed: .*connection.createStatement\(\);/);
  expect(suggestion).toHaveTextContent(/added: .*select.setString\(1, receiptNumber\);/);

  const rows = within(changes).getAllByRole('row');
  const threadRow = rows.findIndex((row) => row.contains(thread));
  expect(rows[threadRow - 1]).toHaveTextContent('evidence: ');
  expect(rows[threadRow - 1]).toHaveTextContent('statement.executeQuery');
});

test('writes code in a title as code, in the finding and in the list', async () => {
  renderApp('/reviews/1', (platform) => {
    platform.reviews = [review({ findings: [finding({ title: '`days` may be `0`, a lone ` stays' })] })];
  });
  const thread = await screen.findByRole('article', { name: /^days may be 0 ?, a lone ` stays$/ });
  expect(within(thread).getByText('days').tagName).toBe('CODE');
  for (const code of screen.getAllByText('0', { selector: 'code' })) expect(code).not.toHaveTextContent('`');
  expect(screen.getByRole('button', { name: /days may be 0 ?, a lone ` stays/ })).toBeVisible();
});

test('copies a suggestion', async () => {
  const { user } = renderApp('/reviews/1');
  const thread = await screen.findByRole('article', { name: 'A live payment key is in the repository' });
  await user.click(within(thread).getByRole('button', { name: 'Copy' }));
  expect(await within(thread).findByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe('payment.api.key=${PAYMENT_API_KEY}');
});

test('quotes evidence that the diff does not show, and places a finding outside of it', async () => {
  renderApp('/reviews/1', (platform) => {
    platform.reviews = [
      review({
        findings: [
          finding({
            title: 'Far away',
            startLine: 400,
            endLine: 400,
            evidence: 'far.away();',
            suggestion: 'near();',
          }),
          finding({
            fingerprint: 'else',
            title: 'In another file',
            path: 'README.md',
            suggestion: undefined,
          }),
        ],
      }),
    ];
  });
  const far = await screen.findByRole('article', { name: 'Far away' });
  expect(screen.getByText('About line 400, which the diff does not show:')).toBeVisible();
  expect(within(far).getByRole('figure', { name: 'Evidence' })).toHaveTextContent('far.away();');
  expect(within(far).getByRole('figure', { name: 'Suggested change' })).toHaveTextContent('Suggested text');
  expect(
    within(screen.getByRole('region', { name: 'About files outside the diff' })).getByRole('article'),
  ).toHaveAccessibleName('In another file');
});

test('says what was not read, and why', async () => {
  renderApp('/reviews/1');
  const section = await screen.findByRole('region', { name: 'What was not read, and why' });
  const items = within(section).getAllByRole('listitem');
  expect(items).toHaveLength(3);
  expect(items[0]).toHaveTextContent('read in part');
  expect(items[1]).toHaveTextContent('not read');
  expect(items[1]).toHaveTextContent('docs/receipt-layout.png');
  expect(items[1]).toHaveTextContent('A binary file: there are no lines to read.');
  const file = screen.getByRole('region', { name: 'docs/receipt-layout.png' });
  expect(await within(file).findByText('A binary file: there are no lines to read.')).toBeVisible();
});

test('shows how the run went and what it took', async () => {
  renderApp('/reviews/1');
  const run = await screen.findByRole('region', { name: 'How the run went' });
  expect(
    within(run)
      .getAllByRole('listitem')
      .map((item) => item.textContent),
  ).toContain('Ask model3 files, 2,412 tokens36 s');
  const usage = screen.getByRole('region', { name: 'What it took' });
  expect(usage).toHaveTextContent('Prompt tokens8,934');
  expect(usage).toHaveTextContent('Time in the model45 s');
});

test('says that nothing was found', async () => {
  renderApp('/reviews/1', (platform) => {
    platform.reviews = [review({ findings: [], findingsDropped: 0, summary: '' })];
  });
  expect(await screen.findByRole('region', { name: 'Verdict' })).toHaveTextContent('No findings');
  expect(screen.getByText('Nothing in this change is worth a remark.')).toBeVisible();
  expect(screen.queryByRole('heading', { name: 'Findings' })).not.toBeInTheDocument();
});

test('walks through findings by j and k, and keeps the place in the address', async () => {
  const { user, address } = renderApp('/reviews/1');
  const thread = await screen.findByRole('article', { name: sqlTitle });
  await user.keyboard('j');
  await waitFor(() => {
    expect(address()).toBe('/reviews/1?finding=f1a2');
  });
  await waitFor(() => {
    expect(thread).toHaveFocus();
  });
  expect(screen.getByRole('button', { name: /receipt number is pasted/, current: true })).toBeVisible();
  await user.keyboard('jj');
  expect(address()).toBe('/reviews/1?finding=c9d4');
  await user.keyboard('k');
  expect(address()).toBe('/reviews/1?finding=b7c3');
});

test('opens at the finding that the address names', async () => {
  renderApp('/reviews/1?finding=c9d4');
  await waitFor(() => {
    expect(screen.getByRole('article', { name: 'A day without sales now fails' })).toHaveFocus();
  });
});

test('walks through files by n', async () => {
  const { user, address } = renderApp('/reviews/1');
  await screen.findByRole('article', { name: sqlTitle });
  await user.keyboard('p');
  expect(address()).toMatch(/^\/reviews\/1\?file=/);
});

test('a failed review says why and runs again', async () => {
  const { user, platform } = renderApp('/reviews/1', (mock) => {
    mock.reviews = [failedReview()];
  });
  const failure = await screen.findByRole('region', { name: 'Failure' });
  expect(failure).toHaveTextContent('/srv/git/demo/till.git does not exist');
  expect(failure).toHaveTextContent('What to do: Put the repository back');
  expect(failure).toHaveTextContent('Code repository-unreadable');
  await user.click(within(failure).getByRole('button', { name: 'Run again' }));
  expect(
    await screen.findByRole('heading', { name: /Waiting for its turn · ?attempt 2|Waiting for its turn/ }),
  ).toBeVisible();
  expect(platform.writes).toEqual([{ method: 'POST', path: '/reviews/1/runs', csrf: 'csrf-token' }]);
});

test('a refused run says so', async () => {
  const { user, platform } = renderApp('/reviews/1', (mock) => {
    mock.reviews = [failedReview()];
  });
  const button = await screen.findByRole('button', { name: 'Run again' });
  platform.failNext('/reviews/1/runs', 503, 'kafka-unavailable', 'Kafka does not answer.');
  await user.click(button);
  expect(await screen.findByText('The review could not be started again')).toBeVisible();
  expect(screen.getByText('kafka-unavailable')).toBeVisible();
});

test('a viewer cannot run a review again', async () => {
  renderApp('/reviews/1', (platform) => {
    platform.roles = ['viewer'];
    platform.reviews = [failedReview()];
  });
  expect(await screen.findByText(/Ask someone with the role developer/)).toBeVisible();
  expect(screen.queryByRole('button', { name: 'Run again' })).not.toBeInTheDocument();
});

test('an error names its code and request id, and trying again helps', async () => {
  const { user } = renderApp('/reviews/1', (platform) => {
    platform.failNext('/reviews/1', 503, 'review-store-unavailable', 'PostgreSQL does not answer.');
    platform.failNext('/reviews/1', 503, 'review-store-unavailable', 'PostgreSQL does not answer.');
  });
  const alert = await screen.findByRole('alert', {}, { timeout: 5_000 });
  expect(alert).toHaveTextContent('The review could not be loaded');
  expect(alert).toHaveTextContent('Code review-store-unavailable');
  expect(alert).toHaveTextContent('Request 7f3a-41c2-9d10');
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Add refunds' })).toBeVisible();
});

test('the diff of one file may fail while the rest of the page stands', async () => {
  const { user } = renderApp('/reviews/1', (platform) => {
    platform.failNext('/reviews/1/files/1', 404, 'file-not-found', 'The review has no such file.');
  });
  const file = await screen.findByRole('region', { name: 'report/daily_report.py' });
  const alert = await within(file).findByRole('alert');
  expect(alert).toHaveTextContent('The diff of this file could not be loaded');
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  expect(await within(file).findByRole('article', { name: 'A day without sales now fails' })).toBeVisible();
});

test('there may be no such review', async () => {
  renderApp('/reviews/77');
  expect(await screen.findByRole('alert')).toHaveTextContent('There is no such review');
});

test('nothing from a pull request runs or loads', async () => {
  const path = 'src/<img src=x onerror=alert(1)>.java';
  renderApp('/reviews/1', (platform) => {
    platform.reviews = [
      review({
        title: '<script>alert(1)</script>',
        description: '<iframe src="https://example.com"></iframe>',
        summary: '![pixel](https://example.com/pixel.png) [click](javascript:alert(1))',
        files: [reviewedFile({ index: 0, path })],
        findings: [
          finding({
            path,
            startLine: 1,
            endLine: 1,
            title: '<b>Bold</b>',
            message: '<img src=x onerror=alert(2)> <b>x</b>',
            evidence: '',
            suggestion: '</td><script>alert(3)</script>',
          }),
        ],
      }),
    ];
    platform.patches.set('1/0', '@@ -0,0 +1,1 @@\n+<script>alert(4)</script> \u202e reversed\n');
  });
  const thread = await screen.findByRole('article', { name: '<b>Bold</b>' });
  expect(screen.getByRole('heading', { level: 1 })).toHaveTextContent('<script>alert(1)</script>');
  expect(thread).toHaveTextContent('<img src=x onerror=alert(2)> <b>x</b>');
  expect(screen.getAllByText('U+202E')).not.toEqual([]);
  expect(screen.getByText('[image: pixel at https://example.com/pixel.png]')).toBeVisible();
  const body = document.body;
  expect(body.querySelector('script, iframe, img, b, [onerror]')).toBeNull();
  expect(body.querySelector('a[href^="javascript"]')).toBeNull();
});

test('keeps only the lines near the window in the page, whatever was seen before', async () => {
  renderApp('/reviews/1', (platform) => {
    platform.reviews = [longReview({ id: 1, findings: [], files: longReview().files.slice(1, 122) })];
  });
  // Jsdom takes its time for so large a page, most of all to tell roles: hence tables and rows by their tags.
  const patience = { timeout: 20_000 };
  const fileOf = (element: Element) => Number(element.id.replace('file-', ''));
  const shown = () =>
    [...document.querySelectorAll('table')].map((table) => fileOf(table.closest('section')!));
  await waitFor(() => {
    expect(shown()).toHaveLength(20);
  }, patience);
  expect(document.querySelectorAll('tr').length).toBeLessThan(500);

  act(() => {
    FakeNearObserver.scroll((element) => fileOf(element) >= 100 && fileOf(element) < 105, 240);
  });
  await waitFor(() => {
    expect(shown()).toEqual([100, 101, 102, 103, 104]);
  }, patience);
  expect(document.getElementById('file-7')).toHaveStyle({ height: '240px' });
  expect(document.getElementById('file-100')).not.toHaveAttribute('style');

  act(() => {
    FakeNearObserver.scroll((element) => fileOf(element) === 7, 240);
  });
  expect(shown()).toEqual([7]);
});
