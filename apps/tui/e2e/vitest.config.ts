import {tests} from '../../../tooling/vitest/preset.ts'

// They test the built command. The working day has a command of its own: `npm run day`.
export default tests(['!(working-day)/**/*.test.ts'])
