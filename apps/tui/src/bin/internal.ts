import './zod-without-jit.ts'

import {createInternalProgram} from '../cli/internal-program.ts'
import {startProgram} from '../cli/start-program.ts'

startProgram(createInternalProgram())
