import './schemas-as-they-are.ts'

import {createProgram} from './command-line/program.ts'
import {startProgram} from './command-line/start-program.ts'

startProgram(createProgram(process.argv[2]))
