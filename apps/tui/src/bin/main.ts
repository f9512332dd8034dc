import './zod-without-jit.ts'

import {createProgram} from '../cli/program.ts'
import {startProgram} from '../cli/start-program.ts'

startProgram(createProgram(process.argv[2]))
