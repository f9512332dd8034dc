import type {ExplainedExit} from '@holdfast/breadcrumbs'
import {toPlainLine} from '@holdfast/terminal'
import {formatAge, formatBytes} from '@holdfast/session-view'

import type {Checkup} from './checkup.ts'
import type {Environment} from './environment.ts'

/** Exits that are listed, the last ones. */
const maxExits = 30

/** A checkup as text. Problems come last, where a terminal shows them first. */
export function describeCheckup({exits, skippedLines, environment, problems}: Checkup, now: number): string {
  const actions = problems.flatMap(({problem, action}) => [problem, `→ ${action}`])
  return [
    ...section('Exits in the last 7 days', describeExits(exits, skippedLines, now)),
    ...section('Environment', describeEnvironment(environment, now)),
    ...section('Problems', actions.length === 0 ? ['none'] : actions),
  ]
    .map(toPlainLine)
    .join('\n')
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)]
}

const listAll = '`holdfast doctor --json` lists them'

function describeExits(exits: readonly ExplainedExit[], skippedLines: number, now: number): string[] {
  const unexpected = exits.filter(({cause}) => cause !== 'requested')
  const earlier = unexpected.length - maxExits
  const requested = exits.length - unexpected.length
  const lines = [
    ...(earlier > 0 ? [`… ${earlier} earlier: ${listAll}`] : []),
    ...unexpected.slice(-maxExits).map((exit) => describeExit(exit, now)),
    ...(requested > 0 ? [`${requested} requested: ${listAll}`] : []),
    ...(skippedLines > 0 ? [`${count(skippedLines, 'unreadable line')} in the crash log`] : []),
  ]
  return lines.length === 0 ? ['none'] : lines
}

function describeExit({at, role, pid, session, cause, isCertain, summary}: ExplainedExit, now: number): string {
  const name = [role, pid, session === undefined ? undefined : `of ${session}`].filter((part) => part !== undefined)
  return `${formatAge(now - at)}: ${name.join(' ')} · ${cause}${isCertain ? '' : '?'} · ${summary}`
}

function describeEnvironment(environment: Environment, now: number): string[] {
  const {version, node, platform, home, codeCache, shell, hosts, sockets, orphans, survivors} = environment
  const free = home.freeBytes === undefined ? '' : `, ${formatBytes(home.freeBytes)} free`
  return [
    `holdfast ${version}, Node ${node}, ${platform}`,
    `home ${home.path} (${home.state}${free})`,
    'folder' in codeCache
      ? `code cache ${codeCache.folder}`
      : `no code cache, so starts take longer: ${codeCache.whyNone}`,
    `shell ${shell.used ?? 'none'}${shell.login === shell.used ? '' : ` ($SHELL is ${shell.login ?? 'not set'})`}`,
    `${count(hosts.length, 'host')}, ${count(sockets.length, 'socket')} without a host, ${count(orphans.length, 'orphan')}`,
    ...hosts.map(({session, pid, startedAt, version: hostVersion}) =>
      [`host ${pid} of ${session}`, hostVersion, `started ${formatAge(now - startedAt)}`]
        .filter((part) => part !== undefined)
        .join(', '),
    ),
    ...survivors.map(({pid, program, session}) => `program ${pid} (${program}) of ${session} has outlived its shell`),
  ]
}

function count(number: number, noun: string): string {
  return `${number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`
}
