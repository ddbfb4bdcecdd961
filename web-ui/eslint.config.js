import js from '@eslint/js';
import jsxA11y from 'eslint-plugin-jsx-a11y';
import reactHooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import tseslint from 'typescript-eslint';

/** Imports flow one way: components and lib → features → app; no feature knows another. */
const forbidden = (...patterns) => ({
  'no-restricted-imports': [
    'error',
    {
      patterns: patterns.map((group) => ({
        group: [group],
        message: 'Imports flow one way: components and lib → features → app, and no feature imports another.',
      })),
    },
  ],
});

export default tseslint.config(
  { ignores: ['target', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'vite.config.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'react-hooks': reactHooks, 'jsx-a11y': jsxA11y },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      ...reactHooks.configs.recommended.rules,
      ...jsxA11y.configs.recommended.rules,
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Indexes are checked by the compiler; where an index is known to be right, saying so is clearer than a detour.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  { files: ['src/features/reviews/**'], rules: forbidden('@/features/*', '@/features/**', '@/app/**') },
  { files: ['src/features/repositories/**'], rules: forbidden('@/features/*', '@/features/**', '@/app/**') },
  {
    files: ['src/components/**', 'src/lib/**'],
    rules: forbidden('@/features/**', '@/app/**', '**/features/**', '**/app/**'),
  },
  {
    files: ['scripts/*.mjs', '*.js'],
    languageOptions: { globals: { ...globals.node, document: 'readonly', window: 'readonly' } },
  },
  {
    files: ['public/*.js'],
    languageOptions: { globals: globals.browser, sourceType: 'script' },
    rules: { 'no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
);
