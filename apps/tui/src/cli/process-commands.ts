import type {Command} from 'commander'

import {UserError} from '../process/user-error.ts'
import type {AddCommand} from './begin-program.ts'

/** Commands about Holdfast's own processes. They run here, and take no `--connect`. */
export const processCommands: Readonly<Record<string, AddCommand>> = {
  agents: (program) =>
    program
      .command('agents')
      .description('list the coding agents of this machine, and how to install the well-known ones')
      .option('--json', 'print NDJSON')
      .action(async (options: {json?: true}, command: Command) => {
        refuseGateway(command, 'agents lists those of this machine')
        const {listAgents} = await import('./commands/agents.ts')
        await listAgents(options)
      }),

  doctor: (program) =>
    program
      .command('doctor')
      .description('explain why processes exited in the last days, and check the setup')
      .option('--json', 'print one JSON object')
      .action(async (options: {json?: true}, command: Command) => {
        refuseGateway(command, 'doctor checks this machine')
        const {runDoctor} = await import('./commands/doctor.ts')
        await runDoctor(options)
      }),
}

/** Throws a `UserError` for a command that is about this machine, and was given another gateway. */
export function refuseGateway(command: Command, why: string): void {
  const {connect, fleet} = command.optsWithGlobals<{connect?: string; fleet?: string}>()
  const given = connect !== undefined ? '--connect' : fleet !== undefined ? '--fleet' : undefined
  if (given !== undefined) throw new UserError(`${why}: leave out ${given}`, {code: 'usage'})
}
