import { useState } from "react";

type PanelProps = { title: string; onClose: () => void };

export function Panel({ title, onClose }: PanelProps) {
  const [open, setOpen] = useState(true);
  if (!open) {
    return null;
  }
  return (
    <section aria-label={title}>
      <h2 className="panel-title">{title}</h2>
      <button onClick={() => { setOpen(false); onClose(); }}>Close</button>
    </section>
  );
}

export const Footer = () => <footer>Guildhall</footer>;
