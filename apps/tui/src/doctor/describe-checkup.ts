import type {Death} from '@holdfast/breadcrumbs'
import {toPlainLine} from '@holdfast/terminal'

import {formatAge} from '../format/quantities.ts'
import type {Checkup} from './checkup.ts'
import type {Environment} from './environment.ts'
import type {Problem} from './find-problems.ts'

/** Deaths that are told to a person, the last ones. */
const maxDeaths = 30

/** What the doctor found, for people: what is wrong comes last, where it is seen first. */
export function describeCheckup({deaths, environment, problems}: Checkup, now: number): string {
  return [
    ...section('Deaths of the last 7 days', describeDeaths(deaths, now)),
    ...section('Environment', describeEnvironment(environment, now)),
    ...section('Wrong here', problems.length === 0 ? ['nothing'] : problems.flatMap(describeProblem)),
  ]
    .map(toPlainLine)
    .join('\n')
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines.map((line) => `  ${line}`)]
}

function describeDeaths(deaths: readonly Death[], now: number): string[] {
  if (deaths.length === 0) return ['none']
  const unwished = deaths.filter((death) => !wasWished(death))
  const [left, wished] = [unwished.length - maxDeaths, deaths.length - unwished.length]
  return [
    ...(left > 0 ? [`… ${left} earlier ones: ${toList}`] : []),
    ...unwished.slice(-maxDeaths).map((death) => describeDeath(death, now)),
    ...(wished > 0 ? [`${unwished.length > 0 ? 'and ' : ''}${wished} that their user wished for: ${toList}`] : []),
  ]
}

const toList = '`holdfast doctor --json`'

/** Nothing that anybody would look for: a session was closed, or a screen was left and its gateway went with it. */
function wasWished({verdict, why}: Death): boolean {
  return verdict === 'user' || (verdict === 'parent' && why === 'tui-ended')
}

function describeDeath({at, who, pid, session, verdict, certainty, says}: Death, now: number): string {
  const name = [who, pid, session === undefined ? undefined : `of ${session}`].filter((word) => word !== undefined)
  return `${formatAge(now - at)}: ${name.join(' ')} · ${verdict}${certainty === 'suggested' ? '?' : ''} · ${says}`
}

function describeEnvironment({version, node, platform, home, shell, hosts, sockets, strays}: Environment, now: number) {
  const free = home.freeBytes === undefined ? [] : [`${formatGibibytes(home.freeBytes)} free`]
  return [
    `holdfast ${version}, Node ${node}, ${platform}`,
    `home ${home.path} (${[home.state, ...free].join(', ')})`,
    `shell ${shell.used ?? 'none'}${shell.login === shell.used ? '' : ` ($SHELL is ${shell.login ?? 'not set'})`}`,
    `${count(hosts.length, 'host')}, ${count(sockets.length, 'socket')} without one, ${count(strays.length, 'stray')}`,
    ...hosts.map(({session, pid, since, version: ofHost}) =>
      [
        `host ${pid} of ${session}`,
        ...(ofHost === undefined ? [] : [ofHost]),
        `started ${formatAge(now - since)}`,
      ].join(', '),
    ),
  ]
}

function describeProblem({what, todo}: Problem): string[] {
  return [what, `→ ${todo}`]
}

function formatGibibytes(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}

function count(number: number, what: string): string {
  return `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`
}
