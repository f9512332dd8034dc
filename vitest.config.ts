import {defineConfig} from 'vitest/config'

/** For `vitest PATH` in the root: the tests of all packages. */
export default defineConfig({test: {projects: ['{packages,apps,tooling}/*/{,e2e/}vitest.config.ts']}})
