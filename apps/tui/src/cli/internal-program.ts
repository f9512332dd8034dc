import type {Command} from 'commander'

import {beginProgram} from './begin-program.ts'

/**
 * The program of the processes that live as long as a session: the commands `gateway` and `host`, as `ps` shows them. Without the
 * code of the screen, each of them needs less memory.
 */
export function createInternalProgram(): Command {
  const program = beginProgram()
  program
    .command('gateway')
    .description('internal: route the requests of the client on stdin to hosts; `holdfast` starts it')
    .action(async () => {
      const {runGatewayProcess} = await import('./commands/gateway.ts')
      await runGatewayProcess()
    })
  program
    .command('host')
    .description('internal: run the shell and the queue of a session; the gateway starts it')
    .argument('<ID>', 'the session')
    .action(async (id: string) => {
      const {runHostProcess} = await import('./commands/host.ts')
      await runHostProcess(id)
    })
  return program
}
