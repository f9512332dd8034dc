import {mergeConfig} from 'vitest/config'

import {tests} from '../../../tooling/vitest/preset.ts'

// They test the built command and its page in a real browser. The folder's name is that of the command's own tests.
export default mergeConfig(tests(['**/*.test.ts']), {test: {name: 'page-e2e'}})
