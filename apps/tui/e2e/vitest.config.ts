import {tests} from '../../../tooling/vitest/preset.ts'

// They test the built command.
export default tests(['**/*.test.ts'])
