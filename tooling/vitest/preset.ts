import {defineConfig, type ViteUserConfig} from 'vitest/config'

// Tests run from the sources of all packages; nothing has to be built for them.
const conditions = ['holdfast-source', 'module', 'node', 'development|production']

/**
 * The configuration of the tests that `include` names, from the folder of the package. Under turbo they leave a report in
 * `.reports/vitest.json`, which `npm test` counts.
 */
export function tests(include: string[]): ViteUserConfig {
  return defineConfig({
    // As the build of the app does.
    define: {__VERSION__: JSON.stringify('0.0.0')},
    resolve: {conditions},
    ssr: {resolve: {conditions}},
    test: {
      include,
      // Processes, not threads: native modules and signals belong to a process.
      pool: 'forks',
      // turbo runs one task for each two processors.
      maxWorkers: 2,
      allowOnly: false,
      // The login shell of the user who runs the tests must not matter.
      env: {SHELL: '/bin/bash'},
      // Bounds of what hangs, on a machine that is busy with something else, too; none of them measures anything.
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: {poll: {timeout: 20_000, interval: 10}},
      reporters: process.env.TURBO_HASH ? ['default', ['json', {outputFile: '.reports/vitest.json'}]] : ['default'],
    },
  })
}
