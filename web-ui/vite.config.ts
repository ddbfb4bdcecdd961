import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { mockPlatform } from './src/testing/mock-server.ts';

const platform = process.env.GUILDHALL_PLATFORM ?? 'http://localhost:8080';
const proxied = ['/api', '/oauth2', '/login', '/logout'];

export default defineConfig(({ mode }) => ({
  plugins: [react(), tailwind(), ...(mode === 'mock' ? [mockPlatform()] : [])],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: 'target/classes/META-INF/resources',
    emptyOutDir: true,
    // Fonts and images stay files: the content security policy allows no data: fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  worker: { format: 'es' as const },
  server: {
    proxy: mode === 'mock' ? {} : Object.fromEntries(proxied.map((path) => [path, platform])),
  },
  test: {
    environment: 'jsdom',
    globals: true,
    setupFiles: ['src/testing/setup.ts'],
    css: false,
    restoreMocks: true,
    testTimeout: 30_000,
  },
}));
