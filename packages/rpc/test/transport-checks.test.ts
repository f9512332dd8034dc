import {describe, expect, test} from 'vitest'
import {createMemoryPair} from '../src/index.ts'
import {type OpenPair, transportChecks} from '../src/conformance/transport-checks.ts'
import {splitsCharacters} from './broken/splits-characters.ts'
import {reportsAFaultAsAGonePeer} from './broken/reports-a-fault-as-a-gone-peer.ts'
import {reportsAnEmptyQueue} from './broken/reports-an-empty-queue.ts'
import {deliversDuringWrite} from './broken/delivers-during-write.ts'
import {dropsLongMessages} from './broken/drops-long-messages.ts'
import {encodesTwice} from './broken/encodes-twice.ts'
import {closesBeforeTheLastMessage} from './broken/closes-before-the-last-message.ts'
import {failsASecondClose} from './broken/fails-a-second-close.ts'
import {ignoresTheCloseDeadline} from './broken/ignores-the-close-deadline.ts'
import {losesMessagesBeforeListen} from './broken/loses-messages-before-listen.ts'
import {hasNoBound} from './broken/has-no-bound.ts'
import {hidesWhoClosed} from './broken/hides-who-closed.ts'
import {deliversInOneDirection} from './broken/delivers-in-one-direction.ts'
import {keepsItsQueueAfterClose} from './broken/keeps-its-queue-after-close.ts'
import {keepsLoneSurrogates} from './broken/keeps-lone-surrogates.ts'
import {listensTwice} from './broken/listens-twice.ts'
import {losesAMessage} from './broken/loses-a-message.ts'
import {neverDrains} from './broken/never-drains.ts'
import {readsOnlyWhenDrained} from './broken/reads-only-when-drained.ts'
import {repeatsAMessage} from './broken/repeats-a-message.ts'
import {sharesObjects} from './broken/shares-objects.ts'
import {dropsMessagesWhenFull} from './broken/drops-messages-when-full.ts'
import {swapsMessages} from './broken/swaps-messages.ts'
import {throwsAfterClose} from './broken/throws-after-close.ts'

const broken = {
  splitsCharacters,
  reportsAFaultAsAGonePeer,
  reportsAnEmptyQueue,
  deliversDuringWrite,
  dropsLongMessages,
  encodesTwice,
  closesBeforeTheLastMessage,
  failsASecondClose,
  ignoresTheCloseDeadline,
  losesMessagesBeforeListen,
  hasNoBound,
  hidesWhoClosed,
  deliversInOneDirection,
  keepsItsQueueAfterClose,
  keepsLoneSurrogates,
  listensTwice,
  losesAMessage,
  neverDrains,
  readsOnlyWhenDrained,
  repeatsAMessage,
  sharesObjects,
  dropsMessagesWhenFull,
  swapsMessages,
  throwsAfterClose,
}

/** A check that hangs has failed. */
async function outcomeOf(name: string, openPair: OpenPair, deadlineMs: number): Promise<string> {
  const check = transportChecks.find((each) => each.name === name)
  if (!check) return `there is no check \`${name}\``
  let timer: NodeJS.Timeout | undefined
  const hangs = new Promise<string>((resolve) => (timer = setTimeout(resolve, deadlineMs, 'hangs')))
  const runs = check.run(openPair).then(
    () => 'passes',
    (error: Error) => error.message,
  )
  return Promise.race([runs, hangs]).finally(() => clearTimeout(timer))
}

describe('a broken transport', () => {
  test.each(Object.entries(broken))('that %s fails its check', async (_name, {foundBy, open}) => {
    expect(await outcomeOf(foundBy, open, 300)).toMatch(/^(Expected|hangs|closed already|write after end)/)
  })
})

test('every check finds a broken transport', () => {
  const found = new Set(Object.values(broken).map(({foundBy}) => foundBy))
  expect(transportChecks.map(({name}) => name).filter((name) => !found.has(name))).toEqual([])
})

test('a correct transport passes every check', async () => {
  for (const {name} of transportChecks)
    expect([name, await outcomeOf(name, createMemoryPair, 10_000)]).toEqual([name, 'passes'])
})
