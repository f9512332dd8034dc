import {expect, test} from 'vitest'

import {fleetSettingsVariable, takeFleetSettings, writeFleetSettings} from '../../src/fleet/fleet-settings.ts'

const settings = {
  servers: ['nats://ada:secret@n1:4222', 'nats://n2:4222'],
  name: 'main',
  machine: 'box',
  tls: {caFile: '/etc/ca.pem'},
  timeoutMs: 500,
}

test('a process takes the settings that its parent wrote out of its environment', () => {
  const env: NodeJS.ProcessEnv = {PATH: '/bin', ...writeFleetSettings(settings)}
  expect(takeFleetSettings(env)).toEqual(settings)
  expect(env).toEqual({PATH: '/bin'})
  expect(takeFleetSettings(env)).toBeUndefined()
})

test.each([
  ['no JSON', 'secret{'],
  ['no servers', JSON.stringify({...settings, servers: []})],
  ['a key of a newer version', JSON.stringify({...settings, secret: 'x'})],
])('settings with %s are refused without showing a password', (_, value) => {
  const env: NodeJS.ProcessEnv = {[fleetSettingsVariable]: value}
  expect(() => takeFleetSettings(env)).toThrow(/^expected HOLDFAST_FLEET_SETTINGS to be what holdfast writes/)
  expect(env).toEqual({})
  try {
    takeFleetSettings({[fleetSettingsVariable]: value})
  } catch (error) {
    expect(String(error)).not.toContain('ada')
  }
})
