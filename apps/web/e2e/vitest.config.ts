import {tests} from '../../../tooling/vitest/preset.ts'

// They test the built command and its page in a real browser.
export default tests(['**/*.test.ts'])
