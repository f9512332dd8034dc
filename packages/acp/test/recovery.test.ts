import {judgeRestore, judgeStop, planRestore, type RestoreFacts, type RestoreVerdict} from '@holdfast/acp'
import {PeerGoneError, RequestTimeoutError, RpcError} from '@holdfast/rpc'
import {describe, expect, test} from 'vitest'

const facts: RestoreFacts = {canResume: true, canLoad: true, prompts: 3, tried: []}

describe('planRestore', () => {
  test('prefers resume to load', () => {
    expect(planRestore(facts)).toEqual({kind: 'try', by: 'resume'})
    expect(planRestore({...facts, canResume: false})).toEqual({kind: 'try', by: 'load'})
  })

  test('loads after a refused resume, and stops after both', () => {
    const resume = {by: 'resume', verdict: 'refused'} as const
    expect(planRestore({...facts, tried: [resume]})).toEqual({kind: 'try', by: 'load'})
    const both = [resume, {by: 'load', verdict: 'refused'} as const]
    expect(planRestore({...facts, tried: both})).toEqual({kind: 'stop', reason: 'refused'})
  })

  test.each(['timed-out', 'cancelled', 'gone', 'auth-required'] as const)(
    'stops after %s, which says nothing about the session',
    (verdict) => {
      expect(planRestore({...facts, tried: [{by: 'resume', verdict}]})).toEqual({kind: 'stop', reason: verdict})
      expect(planRestore({...facts, prompts: 0, tried: [{by: 'resume', verdict}]}).kind).toBe('stop')
    },
  )

  test('begins a new session only where nothing was ever said', () => {
    const verdicts: RestoreVerdict[] = ['refused', 'timed-out', 'cancelled', 'gone', 'auth-required', 'restored']
    const histories = verdicts.flatMap((first) => [
      [],
      [{by: 'resume', verdict: first} as const],
      ...verdicts.map((second) => [{by: 'resume', verdict: first} as const, {by: 'load', verdict: second} as const]),
    ])
    for (const tried of histories) {
      for (const canResume of [true, false]) {
        for (const canLoad of [true, false]) {
          expect(planRestore({canResume, canLoad, prompts: 1, tried}).kind).not.toBe('new')
        }
      }
    }
    expect(planRestore({canResume: false, canLoad: false, prompts: 0, tried: []})).toEqual({kind: 'new'})
  })
})

describe('judgeRestore', () => {
  test.each([[null], [{}], [undefined], ['nonsense']])('an answer of %j is success', (answer) => {
    expect(judgeRestore({answer})).toBe('restored')
  })

  test.each([
    [new RpcError(-32_002, 'x'), 'refused'],
    [new RpcError(-32_603, 'x'), 'refused'],
    [new RpcError(-32_000, 'x'), 'auth-required'],
    [new RequestTimeoutError('session/load', 90_000), 'timed-out'],
    [new PeerGoneError({by: 'peer', message: 'x'}), 'gone'],
    [new DOMException('x', 'AbortError'), 'cancelled'],
  ])('%s is %s', (error, verdict) => {
    expect(judgeRestore({error})).toBe(verdict)
  })
})

test('`cancelled` is believed only if the user has cancelled', () => {
  const nothing = {isCancelled: false, isRejected: false}
  const cancelled = {isCancelled: true, isRejected: false}
  expect(judgeStop('cancelled', cancelled)).toEqual({kind: 'cancelled', sent: true})
  expect(judgeStop('cancelled', nothing).kind).toBe('interrupted')
  expect(judgeStop('max_tokens', cancelled)).toEqual({kind: 'complete', stopReason: 'max_tokens'})
})
