import {RpcError} from '@holdfast/rpc'
import {expect, test} from 'vitest'

import {createReplication} from '../../src/fleet/replication.ts'

const problem = {code: 5071, message: 'the cluster is away'}

test('what the cluster has needs no wait; the rest waits until it has that', async () => {
  const replication = createReplication(3)
  expect(replication.reached(3)).toBeUndefined()
  const [fourth, sixth] = [replication.reached(4), replication.reached(6)]
  replication.advance(5)
  await fourth
  replication.advance(2)
  expect(replication.seq).toBe(5)
  replication.advance(6)
  await sixth
})

test('a problem ends only the waits that are not to outlast it', async () => {
  const replication = createReplication(0)
  const patient = replication.reached(1)
  const impatient = replication.reached(1, {untilProblem: true})
  replication.setProblem(problem)
  await expect(impatient).rejects.toEqual(new RpcError(problem.code, problem.message))
  await expect(replication.reached(1, {untilProblem: true})).rejects.toThrow(problem.message)
  replication.setProblem(undefined)
  replication.advance(1)
  await patient
})

test('the end rejects all waits, also later ones, but for what the cluster has', async () => {
  const replication = createReplication(1)
  const waiting = replication.reached(2)
  replication.end(new Error('moved'))
  await expect(waiting).rejects.toThrow('moved')
  await expect(replication.reached(2)).rejects.toThrow('moved')
  expect(replication.reached(1)).toBeUndefined()
})

test('a wait that is given up rejects, and the others go on', async () => {
  const replication = createReplication(0)
  const gone = new AbortController()
  const given = replication.reached(1, {signal: gone.signal})
  const kept = replication.reached(1)
  gone.abort(new Error('gone'))
  await expect(given).rejects.toThrow('gone')
  await expect(replication.reached(1, {signal: gone.signal})).rejects.toThrow('gone')
  replication.advance(1)
  await kept
})
