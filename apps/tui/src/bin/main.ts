import './zod-without-jit.ts'

import {refuseDebugger} from '@holdfast/supervisor'

import {createProgram} from '../cli/program.ts'
import {startProgram} from '../cli/start-program.ts'
import {endWithLauncher} from '../process/end-with-launcher.ts'

refuseDebugger()
endWithLauncher()
startProgram(createProgram(process.argv[2]))
