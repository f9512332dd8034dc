import {existsSync} from 'node:fs'

import {toPlainLine} from '@holdfast/terminal'

import {findAgents} from '../agents/find-agents.ts'
import {findHome} from '../process/find-home.ts'
import {accessFile, withAccess} from '../sessions/with-access.ts'
import {withClient} from '../sessions/with-client.ts'
import {isObject} from '../settings/check-settings.ts'
import {settingsJsonSchema} from '../settings/json-schema.ts'
import {listSettings} from '../settings/setting-values.ts'
import {readSettingsObject, readSettingsText} from '../settings/read-settings.ts'
import {findSettingsFile} from '../settings/find-settings-file.ts'
import {entrySettings} from '../settings/settings-schema.ts'
import type {Candidate, Topic} from './complete-line.ts'

/** The candidates of a topic, best first. */
export async function findCandidates(topic: Topic): Promise<readonly Candidate[]> {
  switch (topic.kind) {
    case 'sessions':
    case 'open-sessions':
      return (await listSessions())
        .filter(({state}) => topic.kind === 'sessions' || state !== 'closed')
        .map(({id, title}) => ({text: id, description: toPlainLine(title)}))
    case 'tags': {
      const tags = (await listSessions()).flatMap((session) => session.tags ?? [])
      return [...new Set(tags)].map((tag) => ({text: tag, description: ''}))
    }
    case 'agents': {
      const {agents} = findAgents()
      return agents.flatMap(({name, program}) => (program === undefined ? [] : [{text: name, description: program}]))
    }
    case 'devices':
      return listDevices().map(({name}) => ({text: name, description: ''}))
    case 'settings': {
      const settings = listSettings(settingsOfFile()).map(({name, description}) => ({text: name, description}))
      return [...settings, ...[...entrySettings].map(([text, {description}]) => ({text, description}))]
    }
    case 'setting-values':
      return valuesOf(topic.of).map((text) => ({text, description: ''}))
  }
}

async function listSessions() {
  // A Tab makes no folders.
  if (!existsSync(findHome())) return []
  return await withClient({connect: undefined, tokenFile: undefined}, (client) => client.listSessions())
}

function listDevices() {
  const home = findHome()
  return existsSync(accessFile(home)) ? withAccess(home, (access) => access.devices()) : []
}

function settingsOfFile(): object {
  const read = readSettingsText(findSettingsFile())
  const parsed = 'problem' in read || read.text === undefined ? undefined : readSettingsObject(read.text)
  return parsed === undefined || 'fault' in parsed ? {} : parsed.object
}

/** The texts that a setting can be, if these are few, or examples of them. */
function valuesOf(name: string): string[] {
  let schema: unknown = settingsJsonSchema()
  for (const key of name.split('.')) schema = at(at(schema, 'properties'), key)
  const values = at(schema, 'enum') ?? at(schema, 'examples')
  return Array.isArray(values) ? values.filter((value) => typeof value === 'string') : []
}

function at(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined
}
