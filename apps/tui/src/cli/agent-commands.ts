import type {AddCommand} from './begin-program.ts'
import {gatewayChoice} from './gateway-options.ts'

/** Commands by which coding agents use sessions. */
export const agentCommands: Readonly<Record<string, AddCommand>> = {
  mcp: (program) =>
    program
      .command('mcp')
      .description('serve the sessions to a coding agent, over the Model Context Protocol on stdin and stdout')
      .action(async (_options, command) => {
        const {serveAgent} = await import('./commands/mcp.ts')
        await serveAgent(gatewayChoice(command))
      }),
}
