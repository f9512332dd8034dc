import type {Command} from 'commander'

import {answering} from './answering.ts'
import {hintAtHelp, type AddCommand} from './begin-program.ts'
import {envelopeOption} from './envelope.ts'
import {addFleetOptions, chosenFleet} from './gateway-options.ts'

/** Commands about the machines of a fleet. */
export const fleetCommands: Readonly<Record<string, AddCommand>> = {
  fleet(program) {
    const fleet = program
      .command('fleet')
      .description('show the machines of a fleet, and move sessions between them')
      .helpCommand(false)
    for (const add of [addStatus, addDrain, addMove, addUnshipped]) {
      const command = add(fleet)
      hintAtHelp(command, `fleet ${command.name()} --help`)
    }
    return fleet
  },
}

/** On a machine of the fleet, the options are not needed. */
function addOptions(command: Command): Command {
  return addFleetOptions(command, 'the fleet: nats://HOST:PORT of its servers (default: the one of this machine)')
}

function addStatus(fleet: Command): Command {
  return addOptions(fleet.command('status'))
    .description('show the machines, their sessions, and what waits for somebody')
    .addOption(envelopeOption)
    .action(
      answering(async (_options, command: Command) => {
        const {showStatus} = await import('./commands/fleet/status.ts')
        return await showStatus(chosenFleet(command))
      }),
    )
}

function addDrain(fleet: Command): Command {
  return addOptions(fleet.command('drain'))
    .description('move all sessions of a machine to others, and give it no new ones')
    .argument('<MACHINE>', 'its name')
    .option('--now', 'interrupt running prompts (default: wait for them)')
    .action(async (machine: string, options: {now?: true}, command: Command) => {
      const {drainMachine} = await import('./commands/fleet/drain.ts')
      await drainMachine(machine, {now: options.now === true, fleet: chosenFleet(command)})
    })
}

function addMove(fleet: Command): Command {
  return addOptions(fleet.command('move'))
    .description('move a session to a machine')
    .argument('<ID>', 'the session')
    .argument('<MACHINE>', 'the name of the machine')
    .option('--now', 'interrupt a running prompt (default: wait for it)')
    .addOption(envelopeOption)
    .action(
      answering(async (id: string, machine: string, options: {now?: true}, command: Command) => {
        const {moveSession} = await import('./commands/fleet/move.ts')
        return await moveSession(id, machine, {now: options.now === true, fleet: chosenFleet(command)})
      }),
    )
}

function addUnshipped(fleet: Command): Command {
  return fleet
    .command('unshipped')
    .description('print the events on this machine that were not sent before another one took their session over')
    .argument('[ID]', 'the session (default: all)')
    .option('--json', 'print them as NDJSON')
    .action(async (id: string | undefined, options: {json?: true}) => {
      const {printUnshipped} = await import('./commands/fleet/unshipped.ts')
      await printUnshipped(id, options)
    })
}
