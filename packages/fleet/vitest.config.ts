import {tests} from '../../tooling/vitest/preset.ts'

export default tests(['test/**/*.test.ts'])
