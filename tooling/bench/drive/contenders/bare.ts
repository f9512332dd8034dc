import type {ContenderKind} from '../contender.ts'
import {openBareProgram} from '../bare-program.ts'

/** The least that can drive a program: all of it is in this process, and ends with it. */
export const bare: ContenderKind = {
  isCommand: false,
  start: async () => ({
    async open(command, size) {
      const {waitFor, cells, runTrue, close} = openBareProgram(command, size)
      return {waitFor, snapshot: async () => void cells(), runTrue, [Symbol.asyncDispose]: close}
    },
    async [Symbol.asyncDispose]() {},
  }),
}
