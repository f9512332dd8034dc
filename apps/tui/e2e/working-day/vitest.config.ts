import {mergeConfig} from 'vitest/config'

import {tests} from '../../../../tooling/vitest/preset.ts'

// For `npm run day`: each test is a day of thirty commands, spent twice.
export default mergeConfig(tests(['*.test.ts']), {test: {testTimeout: 180_000}})
