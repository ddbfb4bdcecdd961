import { z } from 'zod';
import { failureSchema, optional } from '@/lib/api';

const severitySchema = z.enum(['high', 'medium', 'low']);
export type Severity = z.infer<typeof severitySchema>;

export const reviewStateSchema = z.enum(['queued', 'running', 'completed', 'failed']);
export type ReviewState = z.infer<typeof reviewStateSchema>;

export const reviewSummarySchema = z.object({
  id: z.number(),
  repository: z.object({ id: z.string(), name: z.string() }),
  number: z.number(),
  title: z.string(),
  author: optional(z.string()),
  state: reviewStateSchema,
  baseRef: optional(z.string()),
  headRef: optional(z.string()),
  baseCommit: z.string(),
  headCommit: z.string(),
  attempt: z.number(),
  counts: z.object({ high: z.number(), medium: z.number(), low: z.number() }),
  createdAt: z.string(),
  startedAt: optional(z.string()),
  completedAt: optional(z.string()),
  model: optional(z.string()),
  totalMillis: optional(z.number()),
  failure: optional(failureSchema),
});
export type ReviewSummary = z.infer<typeof reviewSummarySchema>;

const sideSchema = z.enum(['old', 'new']);
export type Side = z.infer<typeof sideSchema>;

const findingSchema = z.object({
  fingerprint: z.string(),
  path: z.string(),
  side: sideSchema,
  startLine: z.number(),
  endLine: z.number(),
  severity: severitySchema,
  category: z.string(),
  title: z.string(),
  message: z.string(),
  evidence: z.string(),
  suggestion: optional(z.string()),
  source: z.string(),
  rule: z.string(),
  confidence: z.number(),
});
export type Finding = z.infer<typeof findingSchema>;

const reviewedFileSchema = z.object({
  index: z.number(),
  path: z.string(),
  oldPath: optional(z.string()),
  change: z.enum(['added', 'modified', 'deleted', 'renamed']),
  language: z.string(),
  linesAdded: z.number(),
  linesRemoved: z.number(),
  read: z.enum(['model', 'partial', 'analysis', 'none']),
  reason: optional(z.string()),
});
export type ReviewedFile = z.infer<typeof reviewedFileSchema>;

const reviewStepSchema = z.object({
  /** One of `stepNames`; a newer server may know more. */
  name: z.string(),
  state: z.enum(['running', 'completed', 'skipped', 'failed']),
  detail: z.string(),
  elapsedMillis: z.number(),
});
export type ReviewStep = z.infer<typeof reviewStepSchema>;

const reviewUsageSchema = z.object({
  model: optional(z.string()),
  modelCalls: z.number(),
  promptTokens: z.number(),
  completionTokens: z.number(),
  contextChunks: z.number(),
  modelMillis: z.number(),
  totalMillis: z.number(),
});

export const reviewSchema = reviewSummarySchema.extend({
  description: optional(z.string()),
  summary: optional(z.string()),
  findings: z.array(findingSchema),
  findingsDropped: z.number(),
  files: z.array(reviewedFileSchema),
  steps: z.array(reviewStepSchema),
  usage: optional(reviewUsageSchema),
});
export type Review = z.infer<typeof reviewSchema>;

export const reviewPageSchema = z.object({
  items: z.array(reviewSummarySchema),
  total: z.number(),
  page: z.number(),
  size: z.number(),
});
export type ReviewPage = z.infer<typeof reviewPageSchema>;

export const filePatchSchema = z.object({
  index: z.number(),
  patch: optional(z.string()),
  reason: optional(z.string()),
});

export const progressEventSchema = z.object({
  attempt: z.number(),
  state: reviewStateSchema,
  steps: z.array(reviewStepSchema),
});
export type ProgressEvent = z.infer<typeof progressEventSchema>;
