import {mkdtempSync, rmSync, statSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'

import {expect, onTestFinished, test} from 'vitest'

import {fleetArguments, fleetProblem} from '../../src/fleet/fleet-choice.ts'
import {machineIn, readMembership, removeMembership, writeMembership} from '../../src/fleet/membership.ts'
import {toFleetSettings} from '../../src/fleet/to-fleet-settings.ts'
import {isRemote} from '../../src/sessions/gateway-choice.ts'

const servers = ['nats://n1:4222', 'nats://n2:4222']

function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fleet-choice-'))
  onTestFinished(() => rmSync(folder, {recursive: true}))
  return folder
}

test.each([
  [{fleet: 'nats://n1,tls://n2:4443'}, undefined],
  [{}, undefined],
  [
    {fleet: 'nats://n1/path'},
    '--fleet: expected nats://HOST:PORT or tls://HOST:PORT, several with commas between them',
  ],
  [{fleet: 'nats://n1,'}, '--fleet: expected nats://HOST:PORT or tls://HOST:PORT, several with commas between them'],
  [{fleet: 'nats://ada@n1'}, '--fleet: credentials do not belong in the URL: use --creds'],
  [{fleet: 'nats://n1', fleetCert: 'c.pem'}, 'expected both --fleet-cert and --fleet-key, got one of them'],
  [{fleetName: 'team'}, 'expected --fleet beside --fleet-name'],
])('the options %j', (options, problem) => {
  expect(fleetProblem(options)).toBe(problem)
})

test('a command line for the same fleet has the options that are not the default', () => {
  expect(fleetArguments({servers, name: 'main'})).toEqual(['--fleet', 'nats://n1:4222,nats://n2:4222'])
  expect(fleetArguments({servers: ['nats://n1'], name: 'team', creds: '/c', ca: '/ca.pem', machine: 'box'})).toEqual([
    '--fleet',
    'nats://n1',
    '--fleet-name',
    'team',
    '--creds',
    '/c',
    '--fleet-ca',
    '/ca.pem',
  ])
})

test('credentials are a file of nsc, a user with a password, or a token', async () => {
  const file = join(createFolder(), 'creds')
  const read = async (text: string) => {
    writeFileSync(file, text)
    return await toFleetSettings({servers: ['nats://n1'], name: 'main', creds: file})
  }
  const base = {servers: ['nats://n1'], name: 'main'}
  expect(await read('-----BEGIN NATS USER JWT-----\neyJ0\n')).toEqual({...base, credsFile: file})
  expect(await read('ada:pass:word\n')).toEqual({...base, user: 'ada', password: 'pass:word'})
  expect(await read('a-token\n')).toEqual({...base, token: 'a-token'})
  await expect(read('two words')).rejects.toThrow(
    `expected a file of \`nsc\`, or one line: USER:PASSWORD, or a token, in ${file}`,
  )
})

test('TLS is used for its files, and for tls:// URLs', async () => {
  expect(await toFleetSettings({servers: ['tls://n1'], name: 'main'})).toMatchObject({tls: {}})
  expect(await toFleetSettings({servers, name: 'main', ca: '/ca.pem'})).toMatchObject({tls: {caFile: '/ca.pem'}})
  expect(await toFleetSettings({servers, name: 'main'})).not.toHaveProperty('tls')
})

test('a home knows its fleet, in a file for its owner only', () => {
  const home = createFolder()
  expect(readMembership(home)).toBeUndefined()
  const membership = {settings: {servers, name: 'main', machine: 'box', password: 'secret'}, instance: 'one'}
  writeMembership(home, membership)
  expect(readMembership(home)).toEqual(membership)
  expect(statSync(`${home}/fleet.json`).mode & 0o777).toBe(0o600)
  expect(machineIn(home, {name: 'main', servers: ['nats://n2:4222']})).toBe('box')
  expect(machineIn(home, {name: 'main', servers: ['nats://other']})).toBeUndefined()
  expect(machineIn(home, {name: 'team', servers})).toBeUndefined()
  removeMembership(home)
  expect(readMembership(home)).toBeUndefined()
})

test('a home whose file is damaged is not taken for one that is in no fleet', () => {
  const home = createFolder()
  writeFileSync(`${home}/fleet.json`, '{"v": 1}')
  expect(() => readMembership(home)).toThrow('fleet.json does not say of which fleet this machine is a member')
})

test('sessions are elsewhere, except on a machine of the fleet', () => {
  expect(isRemote({})).toBe(false)
  expect(isRemote({connect: 'ws://box:1'})).toBe(true)
  expect(isRemote({fleet: {servers, name: 'main'}})).toBe(true)
  expect(isRemote({fleet: {servers, name: 'main', machine: 'box'}})).toBe(false)
})
