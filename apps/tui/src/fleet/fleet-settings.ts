import type {FleetOptions} from '@holdfast/fleet'
import * as z from 'zod/mini'

import {UserError} from '../process/user-error.ts'

/**
 * The variable by which `holdfast` passes the fleet to the gateways and hosts that it starts. Every user of the machine may read
 * command lines, and URLs may have passwords. It is not for users.
 */
export const fleetSettingsVariable = 'HOLDFAST_FLEET_SETTINGS'

/** Only a process with a fleet needs it. */
const settingsSchema = () =>
  z.strictObject({
    /** URLs of the servers of the cluster. */
    servers: z.array(z.string().check(z.minLength(1))).check(z.minLength(1)),
    /** Of the fleet. */
    name: z.string(),
    /** The name of this machine; a client that is no machine of the fleet has none. */
    machine: z.optional(z.string().check(z.minLength(1))),
    credsFile: z.optional(z.string()),
    user: z.optional(z.string()),
    password: z.optional(z.string()),
    token: z.optional(z.string()),
    tls: z.optional(
      z.strictObject({
        caFile: z.optional(z.string()),
        certFile: z.optional(z.string()),
        keyFile: z.optional(z.string()),
      }),
    ),
    /** How long to wait for an answer of the cluster, ms. */
    timeoutMs: z.optional(z.int().check(z.positive())),
  })

/** How a process reaches the cluster of its fleet. */
export type FleetSettings = z.infer<ReturnType<typeof settingsSchema>>

/** The settings as `openFleet` takes them, beside the servers. */
export function toFleetOptions({servers: _servers, machine: _machine, ...options}: FleetSettings): FleetOptions {
  // JSON has no undefined values.
  return options as FleetOptions
}

/** The environment variable that passes the settings to a child process. */
export function writeFleetSettings(settings: FleetSettings): {[fleetSettingsVariable]: string} {
  return {[fleetSettingsVariable]: JSON.stringify(settingsSchema().parse(settings))}
}

/**
 * Takes the settings out of the environment of this process, so that no shell inherits them; `undefined` without a fleet. Call it
 * once, at the start. Throws a `UserError`, which does not show the value: it may have a password.
 */
export function takeFleetSettings(env: NodeJS.ProcessEnv = process.env): FleetSettings | undefined {
  const value = env[fleetSettingsVariable]
  delete env[fleetSettingsVariable]
  if (value === undefined) return undefined
  const read = settingsSchema().safeParse(readJson(value))
  if (read.success) return read.data
  const [issue] = read.error.issues
  const where = issue?.path.length ? ` at \`${issue.path.join('.')}\`` : ''
  throw new UserError(
    `expected ${fleetSettingsVariable} to be what holdfast writes for the processes that it starts: ${issue?.message ?? 'no JSON'}${where}. Unset it`,
    {code: 'usage'},
  )
}

function readJson(value: string): unknown {
  try {
    return JSON.parse(value)
  } catch {
    return undefined
  }
}
