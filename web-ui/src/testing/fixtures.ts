import type { Repository } from '@/features/repositories/api/get-repositories';
import type { Finding, Review, ReviewedFile, ReviewStep } from '@/features/reviews/api/schemas';

/** The time that the sample data is written around. */
export const sampleNow = Date.parse('2026-11-22T10:20:00Z');

function minutesAgo(minutes: number): string {
  return new Date(sampleNow - minutes * 60_000).toISOString();
}

export const till: Repository = {
  id: '6f0c4f0e-6d0f-4c55-9f6e-0a3c6f1f7a01',
  name: 'demo/till',
  location: '/srv/git/demo/till.git',
  defaultBranch: 'main',
  createdAt: minutesAgo(240),
  index: {
    state: 'completed',
    commit: 'b0f3c2a9d81e4f6a7c5d2e1f0a9b8c7d6e5f4a3b',
    filesTotal: 14,
    filesDone: 14,
    filesSkipped: 2,
    chunks: 61,
    failure: undefined,
    updatedAt: minutesAgo(62),
  },
};

export const warehouse: Repository = {
  id: '0d7a6a35-95a6-4f0d-8c57-5d0a4d9f6b02',
  name: 'logistics/warehouse',
  location: 'https://git.example.com/logistics/warehouse.git',
  defaultBranch: 'main',
  createdAt: minutesAgo(2_000),
  index: {
    state: 'running',
    commit: '1111c2a9d81e4f6a7c5d2e1f0a9b8c7d6e5f4a3b',
    filesTotal: 2_480,
    filesDone: 1_115,
    filesSkipped: 41,
    chunks: 9_312,
    failure: undefined,
    updatedAt: minutesAgo(0),
  },
};

export const ledger: Repository = {
  id: 'c7b0f6de-1b8b-4a3e-8e0a-7e5f3a2d1c03',
  name: 'finance/ledger',
  location: 'https://git.example.com/finance/ledger.git',
  defaultBranch: 'trunk',
  createdAt: minutesAgo(9_000),
  index: {
    state: 'failed',
    commit: undefined,
    filesTotal: 0,
    filesDone: 0,
    filesSkipped: 0,
    chunks: 0,
    failure: {
      code: 'repository-unreadable',
      message:
        'https://git.example.com/finance/ledger.git does not answer (connection timed out after 30 s).',
      remedy: 'Check the address and the network, then push again.',
    },
    updatedAt: minutesAgo(9_000),
  },
};

const refundService = `@@ -22,13 +22,42 @@ public class RefundService {
     private final DataSource dataSource;
     private final Clock clock;
 
-    public RefundService(DataSource dataSource) {
+    public RefundService(DataSource dataSource, Clock clock) {
         this.dataSource = dataSource;
-        this.clock = Clock.systemUTC();
+        this.clock = clock;
     }
 
+    /** Gives back what was paid for a receipt, and remembers why. */
+    public Refund refund(String receiptNumber, Money amount, String reason) throws SQLException {
+        Receipt receipt = findReceipt(receiptNumber);
+        if (amount.isGreaterThan(receipt.total())) {
+            throw new RefundTooLarge(receiptNumber, amount, receipt.total());
+        }
+        Refund refund = new Refund(receipt, amount, reason, clock.instant());
+        save(refund);
+        return refund;
+    }
+
+    private Receipt findReceipt(String receiptNumber) throws SQLException {
+        Connection connection = dataSource.getConnection();
+        Statement statement = connection.createStatement();
+        ResultSet rows = statement.executeQuery("SELECT * FROM receipt WHERE number = '" + receiptNumber + "'");
+        if (!rows.next()) {
+            throw new ReceiptNotFound(receiptNumber);
+        }
+        return Receipt.from(rows);
+    }
+
+    private void save(Refund refund) throws SQLException {
+        try (Connection connection = dataSource.getConnection();
+                PreparedStatement insert = connection.prepareStatement(INSERT_REFUND)) {
+            insert.setString(1, refund.receipt().number());
+            insert.setLong(2, refund.amount().cents());
+            insert.setString(3, refund.reason());
+            insert.executeUpdate();
+        }
+    }
+
     public List<Refund> refundsOf(LocalDate day) {
         return refunds.stream().filter(refund -> refund.isOn(day)).toList();
     }
 }
`;

const dailyReport = `@@ -1,6 +1,7 @@
 from dataclasses import dataclass
 from decimal import Decimal
 
+from till.refunds import refunds_of
 from till.store import sales_of
 
 
@@ -18,9 +19,16 @@ class DailyReport:
 
     @property
     def average(self) -> Decimal:
-        return self.total / self.count if self.count else Decimal(0)
+        return self.total / self.count
 
 
 def report(day):
     sales = sales_of(day)
-    return DailyReport(day, sum(s.amount for s in sales), len(sales))
+    refunds = refunds_of(day)
+    total = sum((s.amount for s in sales), Decimal(0))
+    total -= sum((r.amount for r in refunds), Decimal(0))
+    return DailyReport(
+        day=day,
+        total=total,
+        count=len(sales) - len(refunds),  # a refund takes its sale back
+    )
`;

const application = `@@ -4,5 +4,8 @@
 server.port=8090
 
 till.currency=EUR
 till.receipt.prefix=T-
 till.receipt.digits=8
+till.refund.days-max=30
+payment.api.key=sk_live_****************3f9c
+payment.timeout=PT10S
`;

const refundTest = `@@ -0,0 +1,21 @@
+package com.example.till;
+
+import static org.assertj.core.api.Assertions.assertThat;
+import static org.assertj.core.api.Assertions.assertThatThrownBy;
+
+import org.junit.jupiter.api.Test;
+
+class RefundServiceTests {
+
+    private final RefundService refunds = Tills.refunds();
+
+    @Test
+    void refundsAReceipt() throws Exception {
+        assertThat(refunds.refund("T-00000041", Money.euros(5), "broken").amount()).isEqualTo(Money.euros(5));
+    }
+
+    @Test
+    void refusesMoreThanWasPaid() {
+        assertThatThrownBy(() -> refunds.refund("T-00000041", Money.euros(500), "")).isInstanceOf(RefundTooLarge.class);
+    }
+}
`;

export function reviewedFile(
  file: Partial<ReviewedFile> & Pick<ReviewedFile, 'index' | 'path'>,
): ReviewedFile {
  return {
    oldPath: undefined,
    change: 'modified',
    language: 'text',
    linesAdded: 1,
    linesRemoved: 0,
    read: 'model',
    reason: undefined,
    ...file,
  };
}

export function finding(overrides: Partial<Finding> = {}): Finding {
  return {
    fingerprint: 'f1a2',
    path: 'src/main/java/com/example/till/RefundService.java',
    side: 'new',
    startLine: 42,
    endLine: 44,
    severity: 'high',
    category: 'sql-injection',
    title: 'The receipt number is pasted into the SQL',
    message:
      "The number comes from the caller of `refund` and reaches the statement unchanged: `' OR 1=1 --` reads any receipt, and a refund is then paid for it. Bind it as a parameter. The connection is not closed either; **try-with-resources** mends both.",
    evidence:
      '        ResultSet rows = statement.executeQuery("SELECT * FROM receipt WHERE number = \'" + receiptNumber + "\'");',
    suggestion: `        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT * FROM receipt WHERE number = ?")) {
            select.setString(1, receiptNumber);
            ResultSet rows = select.executeQuery();`,
    source: 'model',
    rule: 'qwen2.5-coder-1.5b-instruct',
    confidence: 0.94,
    ...overrides,
  };
}

function step(name: string, state: ReviewStep['state'], detail: string, elapsedMillis: number): ReviewStep {
  return { name, state, detail, elapsedMillis };
}

export const completedSteps: ReviewStep[] = [
  step('queued', 'completed', 'no review ahead', 120),
  step('read-diff', 'completed', '6 files, 62 lines added, 6 removed', 340),
  step('find-context', 'completed', '9 chunks of 14 indexed files', 510),
  step('analyze', 'completed', 'PMD: 3 remarks on changed lines · secrets: 1', 2_100),
  step('ask-model', 'completed', '3 files, 2,412 tokens', 36_400),
  step('second-check', 'completed', '6 findings checked, 2 dropped', 8_200),
  step('publish', 'completed', '4 findings', 90),
];

/** A completed review; the page's usual sight. */
export function review(overrides: Partial<Review> = {}): Review {
  const findings = overrides.findings ?? [
    finding(),
    finding({
      fingerprint: 'b7c3',
      path: 'src/main/resources/application.properties',
      startLine: 10,
      endLine: 10,
      category: 'secret',
      title: 'A live payment key is in the repository',
      message:
        'Whoever can read this repository can take payments in your name. Revoke the key, and read it from the environment instead.',
      evidence: 'payment.api.key=sk_live_****************3f9c',
      suggestion: 'payment.api.key=${PAYMENT_API_KEY}',
      source: 'secrets',
      rule: 'stripe-live-key',
      confidence: 0.99,
    }),
    finding({
      fingerprint: 'c9d4',
      path: 'report/daily_report.py',
      startLine: 22,
      endLine: 22,
      severity: 'medium',
      category: 'division-by-zero',
      title: 'A day without sales now fails',
      message:
        'The check for `count` was removed. On a day on which nothing is sold, or on which every sale is refunded (see `count` below), `average` raises `DivisionByZero`.',
      evidence: '        return self.total / self.count',
      suggestion: '        return self.total / self.count if self.count else Decimal(0)',
      confidence: 0.81,
    }),
    finding({
      fingerprint: 'd0e5',
      path: 'src/main/java/com/example/till/RefundService.java',
      startLine: 46,
      endLine: 46,
      severity: 'low',
      category: 'error-handling',
      title: 'The message of ReceiptNotFound repeats what the caller typed',
      message:
        'The number is shown to the cashier as it came in. Cut it to the length of a receipt number first.',
      evidence: 'throw new ReceiptNotFound(receiptNumber);',
      suggestion: undefined,
      source: 'pmd',
      rule: 'AvoidThrowingRawInput',
      confidence: 0.55,
    }),
  ];
  const count = (severity: Finding['severity']) =>
    findings.filter((item) => item.severity === severity).length;
  return {
    id: 1,
    repository: { id: till.id, name: till.name },
    number: 1,
    title: 'Add refunds',
    author: 'Mara Lindqvist',
    state: 'completed',
    baseRef: 'refs/heads/main',
    headRef: 'refs/heads/add-refunds',
    baseCommit: 'b0f3c2a9d81e4f6a7c5d2e1f0a9b8c7d6e5f4a3b',
    headCommit: '4e81d7f60b2c49a5b8e3d1c0f9a7b6e5d4c3b2a1',
    attempt: 1,
    counts: { high: count('high'), medium: count('medium'), low: count('low') },
    createdAt: minutesAgo(6),
    startedAt: minutesAgo(6),
    completedAt: minutesAgo(5),
    model: 'qwen2.5-coder-1.5b-instruct',
    totalMillis: 47_760,
    failure: undefined,
    description:
      'Cashiers can refund a receipt, in full or in part.\n\n- at most 30 days after the sale\n- the daily report counts refunds',
    summary:
      'Refunds work, but **a receipt number can carry SQL** into the database and a live payment key is committed. The daily report fails on a day without sales.',
    findings,
    findingsDropped: 2,
    files: [
      reviewedFile({
        index: 0,
        path: 'src/main/java/com/example/till/RefundService.java',
        language: 'java',
        linesAdded: 34,
        linesRemoved: 2,
      }),
      reviewedFile({
        index: 1,
        path: 'report/daily_report.py',
        language: 'python',
        linesAdded: 10,
        linesRemoved: 2,
      }),
      reviewedFile({
        index: 2,
        path: 'src/main/resources/application.properties',
        language: 'properties',
        linesAdded: 3,
        read: 'partial',
        reason: 'Line 10 holds a secret: it was masked before the model saw it.',
      }),
      reviewedFile({
        index: 3,
        path: 'src/test/java/com/example/till/RefundServiceTests.java',
        language: 'java',
        change: 'added',
        linesAdded: 21,
      }),
      reviewedFile({
        index: 4,
        path: 'docs/receipt-layout.png',
        change: 'added',
        linesAdded: 0,
        read: 'none',
        reason: 'A binary file: there are no lines to read.',
      }),
      reviewedFile({
        index: 5,
        path: 'docs/refunds.md',
        oldPath: 'docs/returns.md',
        change: 'renamed',
        language: 'markdown',
        linesAdded: 0,
        read: 'none',
        reason: 'Moved without a change.',
      }),
    ],
    steps: completedSteps,
    usage: {
      model: 'qwen2.5-coder-1.5b-instruct',
      modelCalls: 9,
      promptTokens: 8_934,
      completionTokens: 1_126,
      contextChunks: 9,
      modelMillis: 44_600,
      totalMillis: 47_760,
    },
    ...overrides,
  };
}

/** The diffs of `review()`, by file index; undefined where there is none. */
export const patches: readonly (string | undefined)[] = [
  refundService,
  dailyReport,
  application,
  refundTest,
  undefined,
  '',
];

export function runningReview(overrides: Partial<Review> = {}): Review {
  return review({
    state: 'running',
    summary: undefined,
    findings: [],
    findingsDropped: 0,
    files: [],
    model: undefined,
    totalMillis: undefined,
    completedAt: undefined,
    usage: undefined,
    steps: [
      ...completedSteps.slice(0, 4),
      step('ask-model', 'running', 'report/daily_report.py, 2 of 3 files', 12_600),
    ],
    ...overrides,
  });
}

export function failedReview(overrides: Partial<Review> = {}): Review {
  return runningReview({
    state: 'failed',
    completedAt: minutesAgo(1),
    totalMillis: 6_100,
    steps: [
      ...completedSteps.slice(0, 1),
      step('read-diff', 'failed', '/srv/git/demo/till.git is gone', 5_900),
    ],
    failure: {
      code: 'repository-unreadable',
      message: 'The repository demo/till vanished while it was read: /srv/git/demo/till.git does not exist.',
      remedy: 'Put the repository back or register its new place, then run the review again.',
    },
    ...overrides,
  });
}

const longName = (n: number) =>
  `services/settlement-reconciliation/src/main/java/com/example/company/platform/settlement/reconciliation/internal/adapter/persistence/hibernate/generated/module${n}/ReconciliationStatementLineItemAggregationRepository${n}.java`;

/** 300 files with long names, and one with 10,000 lines. */
export function longReview(overrides: Partial<Review> = {}): Review {
  const files = Array.from({ length: 300 }, (_, index) =>
    index === 0
      ? reviewedFile({
          index,
          path: 'src/generated/price_table.py',
          language: 'python',
          change: 'added',
          linesAdded: 10_000,
        })
      : reviewedFile({
          index,
          path: longName(index),
          language: 'java',
          linesAdded: 4,
          linesRemoved: 1,
          ...(index % 7 === 3
            ? {
                read: 'none' as const,
                reason:
                  'The budget of 60,000 tokens was spent before this file; raise guildhall.review.tokens-max.',
              }
            : {}),
        }),
  );
  return review({
    title:
      'Move the settlement reconciliation to its own module, split its repositories by aggregate, and regenerate the price table from the new tariff file of the second half of the year',
    repository: {
      id: warehouse.id,
      name: 'logistics-and-fulfilment-platform/warehouse-management-and-settlement-service',
    },
    number: 48_213,
    files,
    findings: [
      finding({
        path: 'src/generated/price_table.py',
        startLine: 7_321,
        endLine: 7_321,
        evidence: 'PRICES[7320] = Decimal("73.20")',
        suggestion: undefined,
        category: 'generated-code',
        title: 'A price appears twice in the generated table',
        severity: 'medium',
      }),
      finding({
        fingerprint: 'long2',
        path: longName(200),
        startLine: 12,
        endLine: 12,
        evidence: 'return rows.get(0);',
        suggestion: '        return rows.isEmpty() ? null : rows.get(0);',
        title: 'An empty list ends in an exception',
        category: 'missing-check',
      }),
    ],
    ...overrides,
  });
}

/** The diff of a file of `longReview()`. */
export function longPatch(index: number): string {
  if (index === 0) {
    const lines = Array.from(
      { length: 10_000 },
      (_, line) => `+PRICES[${line}] = Decimal("${(line / 100).toFixed(2)}")`,
    );
    return `@@ -0,0 +1,10000 @@\n${lines.join('\n')}\n`;
  }
  return `@@ -8,6 +8,9 @@ public class ReconciliationStatementLineItemAggregationRepository${index} {
     private final EntityManager entities;
 
     Line first(Statement statement) {
-        return null;
+        List<Line> rows = entities.createQuery("select l from Line l where l.statement = :statement and l.state in (:open, :disputed, :settled) order by l.position", Line.class).setParameter("statement", statement).getResultList();
+        return rows.get(0);
+    }
+    // ${'x'.repeat(index % 40)}
     }
 }
`;
}
