import {availableParallelism} from 'node:os'

import {defineConfig} from 'vitest/config'

// Our own packages are tested from their sources; no build is needed.
const conditions = ['holdfast-source', 'module', 'node', 'development|production']

export default defineConfig({
  // As the build of the app does.
  define: {__VERSION__: JSON.stringify('0.0.0')},
  resolve: {conditions},
  ssr: {resolve: {conditions}},
  test: {
    // Processes, not threads: native modules and signals belong to a process.
    pool: 'forks',
    allowOnly: false,
    // Bounds of what hangs, on a machine that is busy with something else, too; none of them measures anything.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: {poll: {timeout: 20_000, interval: 10}},
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Most of them wait for processes and timers.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          include: [
            'packages/*/test/**/*.test.ts',
            'apps/*/test/**/*.test.{ts,tsx}',
            'tooling/{bench,checks,faults,screenshots,test}/**/*.test.ts',
          ],
        },
      },
      {
        extends: true,
        test: {
          // Drives the built `holdfast`.
          name: 'e2e',
          include: ['apps/tui/e2e/**/*.test.ts'],
          maxWorkers: 2,
        },
      },
    ],
  },
})
