import {existsSync, readdirSync, readFileSync} from 'node:fs'

import {sessionPaths} from '@holdfast/event-log'
import {copyLog, listUnshipped} from '@holdfast/fleet'

import type {TestFleet} from '../../../apps/tui/e2e/support/fleet.ts'
import {describeProcess, type Process} from '../../../apps/tui/e2e/support/processes.ts'
import {readWrites} from '../../../packages/fleet/test/fixtures/read-writes.ts'
import {readLines} from '../session/driven-client.ts'
import {readLog} from '../verify/collect-facts.ts'
import type {FleetFacts} from './find-fleet-violations.ts'
import type {FleetSession} from './open-fleet-session.ts'

/** Reads what a run has left in the cluster, on the machines and in the files of commands and clients. */
export async function collectFleetFacts(
  {fleet, machines}: TestFleet,
  {session, folder, leftProcesses}: {session: FleetSession; folder: string; leftProcesses: readonly Process[]},
): Promise<FleetFacts> {
  const {project, observations, clients} = session
  const {sessionId = '', accepted} = observations
  const copy = `${folder}/copy.db`
  await copyLog(fleet, sessionId, {file: copy})
  const outputs = readdirSync(project).filter((name) => name.startsWith('output-'))
  const logs: FleetFacts['logs'][number][] = []
  const unshipped = new Map<string, number[]>()
  for (const {name: machine, home} of machines) {
    const file = sessionPaths(home.state, sessionId).log
    if (existsSync(file)) logs.push({machine, isSetAside: false, events: readLog(file, sessionId).log})
    for (const {file: aside} of listUnshipped(home.state)) {
      logs.push({machine, isSetAside: true, events: readLog(aside, sessionId).log})
    }
    const {stdout} = await home.holdfast(['fleet', 'unshipped', '--json'])
    const named = stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as {seq: number}).seq)
    unshipped.set(machine, named)
  }
  return {
    ...readLog(copy, sessionId),
    accepted,
    effects: readLines(`${project}/effects`).map((line) => {
      const [id = '', version] = line.split(' ')
      return {id, version: Number(version)}
    }),
    written: new Map(outputs.map((name) => [name.slice('output-'.length), readFileSync(`${project}/${name}`, 'utf8')])),
    received: clients.flatMap(({instances}) =>
      instances.map(({file, afterSeq}, index) => ({
        client: file.slice(file.lastIndexOf('/') + 1),
        afterSeq,
        events: readLines(file).map((line) => JSON.parse(line) as unknown),
        isLast: index === instances.length - 1,
      })),
    ),
    leftProcesses: leftProcesses.map(describeProcess),
    writes: await readWrites(fleet, sessionId),
    logs,
    unshipped,
  }
}
