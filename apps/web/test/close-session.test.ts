import {RpcError, type Client} from '@holdfast/client'
import {errorCodes} from '@holdfast/protocol'
import {expect, test} from 'vitest'

import {closeSession} from '../src/session-screen/close-session.ts'

function clientThat(answer: () => unknown) {
  const asked: unknown[] = []
  const request = async (...params: unknown[]) => {
    asked.push(params)
    return answer()
  }
  return {asked, client: {request} as Pick<Client, 'request'>}
}

test('a session is closed by its id, whether the page has opened it or not', async () => {
  const {asked, client} = clientThat(() => ({closed: true}))
  await closeSession(client, 's')
  expect(asked).toEqual([['session.close', {session_id: 's'}]])
})

test('a session that is closed already is closed; another error is for the user', async () => {
  const fail = (code: number, message: string) => () => {
    throw new RpcError(code, message)
  }
  await closeSession(clientThat(fail(errorCodes.sessionClosed, 'Session s is closed')).client, 's')
  const {client} = clientThat(fail(errorCodes.hostUnavailable, 'The host cannot be started'))
  await expect(closeSession(client, 's')).rejects.toThrow('The host cannot be started')
})
