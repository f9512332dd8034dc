import './schemas-as-they-are.ts'

import {beginProgram} from './cli/begin-program.ts'
import {runCommands} from './cli/run-commands.ts'
import {startProgram} from './cli/start-program.ts'

// `holdfast run …` alone, as scripts call it: the same as in main.ts, without all else that is there.
const program = beginProgram()
runCommands.run(program)
startProgram(program)
