import { memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cn } from '@/lib/cn';

const strong: Components['h1'] = ({ children }) => <p className="font-semibold">{children}</p>;

// The text comes from a model or from a stranger's pull request: nothing in it may load, run or pose as the page.
const components: Components = {
  h1: strong,
  h2: strong,
  h3: strong,
  h4: strong,
  h5: strong,
  h6: strong,
  a: ({ href, children }) => (
    <a
      href={href}
      target="_blank"
      rel="noopener noreferrer nofollow"
      className="text-accent underline underline-offset-2"
    >
      {children}
    </a>
  ),
  img: ({ alt, src }) => (
    <span className="text-muted">
      [image{alt ? `: ${alt}` : ''}
      {typeof src === 'string' && src ? ` at ${src}` : ''}]
    </span>
  ),
  code: ({ children }) => (
    <code className="rounded bg-hover px-1 py-0.5 text-[0.92em] break-words">{children}</code>
  ),
  pre: ({ children }) => (
    <pre className="overflow-x-auto rounded border bg-surface p-3 text-sm [&_code]:bg-transparent [&_code]:p-0">
      {children}
    </pre>
  ),
  ul: ({ children }) => <ul className="list-disc space-y-1 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="list-decimal space-y-1 pl-5">{children}</ol>,
  blockquote: ({ children }) => <blockquote className="border-l-2 pl-3 text-muted">{children}</blockquote>,
  table: ({ children }) => (
    <div className="overflow-x-auto">
      <table className="text-sm [&_td]:border [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:px-2 [&_th]:py-1 [&_th]:text-left">
        {children}
      </table>
    </div>
  ),
};

const plugins = [remarkGfm];

/** Markdown of untrusted origin: raw HTML stays text, images are named and not loaded. */
export const Markdown = memo(function Markdown({ text, className }: { text: string; className?: string }) {
  return (
    <div className={cn('space-y-2 break-words', className)}>
      <ReactMarkdown remarkPlugins={plugins} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});
