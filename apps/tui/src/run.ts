import './schemas-as-they-are.ts'

import {beginProgram} from './command-line/begin-program.ts'
import {runCommands} from './command-line/run-commands.ts'
import {startProgram} from './command-line/start-program.ts'

// `holdfast run …` alone, as scripts call it: the same as in main.ts, without all else that is there.
const program = beginProgram()
runCommands.run(program)
startProgram(program)
