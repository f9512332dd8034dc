import {errorFacts, type Breadcrumbs} from '@holdfast/breadcrumbs'
import type {MachineReport} from '@holdfast/fleet'

/** Records in the crash log what happens on a machine of a fleet. */
export function recordReport(breadcrumbs: Breadcrumbs, report: MachineReport): void {
  switch (report.kind) {
    case 'joined':
      return breadcrumbs.record('fleet-joined', {machine: report.name})
    case 'lease-lost':
      return breadcrumbs.record('fleet-lease-lost')
    case 'cluster-away':
      return breadcrumbs.record('fleet-away', {code: report.error.code})
    case 'cluster-back':
      return breadcrumbs.record('fleet-back')
    case 'drained':
      return breadcrumbs.record('fleet-drained')
    case 'lease-unreadable':
      return breadcrumbs.record('fleet-lease-unreadable', {machine: report.machine, code: report.error.code})
  }
  const {sessionId, kind} = report
  const ofSession = breadcrumbs.with({session: sessionId})
  switch (kind) {
    case 'took-over':
      return ofSession.record('session-taken-over', {from: report.from, epoch: report.epoch, through: report.through})
    case 'moved':
      return ofSession.record('session-moved', {to: report.to})
    case 'set-aside':
      return ofSession.record('session-set-aside', {by: report.machine, first: report.first, last: report.last})
    case 'removed':
      return ofSession.record('session-copy-removed', {by: report.machine})
    case 'stranded':
      return ofSession.record('session-stranded', {
        from: report.machine,
        needs: report.needs.join(' '),
        empty: report.isEmpty,
      })
    case 'session-failed':
      return ofSession.record('session-failed', errorFacts(report.error))
  }
}

/** What the user of a machine has to know at once; `undefined` for everything else. Pure. */
export function describeReport(report: MachineReport): string | undefined {
  switch (report.kind) {
    case 'cluster-away':
      return report.error.message
    case 'cluster-back':
      return 'the cluster of the fleet answers again'
    case 'lease-lost':
      return 'the lease of this machine has run out: other machines may take its sessions over'
    case 'lease-unreadable':
      return `the lease of machine ${report.machine} cannot be read, so its sessions are not taken over: if it runs a newer version, update this machine`
    case 'took-over':
      return `took session ${report.sessionId} over from ${report.from}`
    case 'moved':
      return `session ${report.sessionId} has moved to ${report.to}`
    case 'set-aside': {
      const {sessionId, machine, first, last} = report
      const events = first === last ? `event ${first}` : `events ${first} to ${last}`
      return `machine ${machine} has taken session ${sessionId} over; ${events} of it had not been sent: \`holdfast fleet unshipped ${sessionId}\` shows them`
    }
    case 'stranded': {
      const {sessionId, machine, needs, isEmpty} = report
      const why = isEmpty ? 'the cluster has no event of it' : `no machine has ${needs.join(', ') || 'room for it'}`
      return `session ${sessionId} waits for machine ${machine}: ${why}`
    }
    case 'session-failed':
      return `session ${report.sessionId} stays as it is for now: ${report.error instanceof Error ? report.error.message : String(report.error)}`
    case 'drained':
      return 'all sessions of this machine have moved: it can be stopped'
    case 'joined':
    case 'removed':
      return undefined
  }
}
