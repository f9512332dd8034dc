import {tests} from '../../../tooling/vitest/preset.ts'

// They drive the built command.
export default tests(['**/*.test.ts'])
