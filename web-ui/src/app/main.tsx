import './styles.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { followSystemTheme } from '@/lib/theme';
import { App } from './app';

followSystemTheme();

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
