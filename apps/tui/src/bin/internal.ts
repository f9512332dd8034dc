import './zod-without-jit.ts'

import {refuseDebugger} from '@holdfast/supervisor'

import {createInternalProgram} from '../cli/internal-program.ts'
import {startProgram} from '../cli/start-program.ts'

refuseDebugger()
startProgram(createInternalProgram())
