import {describe, expect, test} from 'vitest'
import {createMemoryPair} from '../src/index.ts'
import {type OpenPair, transportChecks} from '../src/conformance/transport-checks.ts'
import {breaksCharacters} from './broken/breaks-characters.ts'
import {callsAFaultOfOursADeath} from './broken/calls-a-fault-of-ours-a-death.ts'
import {countsNothing} from './broken/counts-nothing.ts'
import {deliversAtOnce} from './broken/delivers-at-once.ts'
import {dropsWhatIsLong} from './broken/drops-what-is-long.ts'
import {encodesTwice} from './broken/encodes-twice.ts'
import {endsBeforeTheLastMessage} from './broken/ends-before-the-last-message.ts'
import {failsASecondClose} from './broken/fails-a-second-close.ts'
import {flushesForEver} from './broken/flushes-for-ever.ts'
import {forgetsWhatCameEarly} from './broken/forgets-what-came-early.ts'
import {hasNoBound} from './broken/has-no-bound.ts'
import {hidesWhoClosed} from './broken/hides-who-closed.ts'
import {isDeafOnOneSide} from './broken/is-deaf-on-one-side.ts'
import {letsLoneSurrogatesThrough} from './broken/lets-lone-surrogates-through.ts'
import {listensTwice} from './broken/listens-twice.ts'
import {losesAMessage} from './broken/loses-a-message.ts'
import {neverDrains} from './broken/never-drains.ts'
import {readsWhenItHasWritten} from './broken/reads-when-it-has-written.ts'
import {repeatsAMessage} from './broken/repeats-a-message.ts'
import {sharesObjects} from './broken/shares-objects.ts'
import {swallowsWhatIsTooMuch} from './broken/swallows-what-is-too-much.ts'
import {swapsNeighbours} from './broken/swaps-neighbours.ts'
import {throwsAfterTheEnd} from './broken/throws-after-the-end.ts'

const broken = {
  breaksCharacters,
  callsAFaultOfOursADeath,
  countsNothing,
  deliversAtOnce,
  dropsWhatIsLong,
  encodesTwice,
  endsBeforeTheLastMessage,
  failsASecondClose,
  flushesForEver,
  forgetsWhatCameEarly,
  hasNoBound,
  hidesWhoClosed,
  isDeafOnOneSide,
  letsLoneSurrogatesThrough,
  listensTwice,
  losesAMessage,
  neverDrains,
  readsWhenItHasWritten,
  repeatsAMessage,
  sharesObjects,
  swallowsWhatIsTooMuch,
  swapsNeighbours,
  throwsAfterTheEnd,
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

describe('a transport that', () => {
  test.each(Object.entries(broken))('%s is rejected', async (_name, {foundBy, open}) => {
    expect(await outcomeOf(foundBy, open, 300)).toMatch(/^(Expected|hangs|closed already|write after end)/)
  })
})

test('every check rejects some transport', () => {
  const found = new Set(Object.values(broken).map(({foundBy}) => foundBy))
  expect(transportChecks.map(({name}) => name).filter((name) => !found.has(name))).toEqual([])
})

test('no check rejects a transport that is right', async () => {
  for (const {name} of transportChecks)
    expect([name, await outcomeOf(name, createMemoryPair, 10_000)]).toEqual([name, 'passes'])
}, 30_000)
