import * as z from 'zod/mini'

import {lazily} from './lazily.ts'
import {describeParseError} from './methods.ts'
import {openObject} from './open-object.ts'
import {parseWith} from './parse-with.ts'
import {isProtocolSupported, oldestProtocolVersion, protocolVersion} from './protocol-version.ts'

/** It is shown on terminals. */
const name = () =>
  z.string().check(z.regex(/^\P{C}{1,64}$/u, 'Expected at most 64 characters, none of them a control character'))

/** What a credential lets its holder do, and under which name. */
const callerSchema = lazily(() => openObject({name: name(), read_only: z.optional(z.literal(true))}))

/**
 * The params of `client.hello`, the first message of a client. `version`: of the program. `name`: what the client calls itself,
 * for others that look at the same session. `caller`: only from a gateway to a host, which believes it.
 */
export const helloSchema = lazily(() =>
  openObject({
    protocol: z.int(),
    version: z.string().check(z.maxLength(64)),
    name: z.optional(name()),
    caller: z.optional(callerSchema()),
  }),
)
export type Hello = z.infer<ReturnType<typeof helloSchema>>

/** Whom a log names for what they do, beside callers. */
const reservedNames: ReadonlySet<string> = new Set(['user', 'policy'])

/** Whether a credential may have this name: it is short, can be shown, and nobody takes it for the user of the machine. */
export function isCallerName(text: string): boolean {
  return name().safeParse(text).success && text === text.trim() && !reservedNames.has(text.toLowerCase())
}

/** Reads a `client.hello`. `problem`: why the receiver cannot serve the client, in a sentence. */
export function readHello(params: unknown): {hello: Hello; problem?: undefined} | {hello?: undefined; problem: string} {
  let hello
  try {
    hello = parseWith(helloSchema(), params)
  } catch (error) {
    return {problem: `\`client.hello\` does not fit: ${describeParseError(error)}`}
  }
  return isProtocolSupported(hello.protocol) ? {hello} : {problem: versionProblem('client', hello)}
}

/** Why a peer whose protocol version is not supported cannot be served. */
export function versionProblem(
  peer: 'client' | 'peer',
  {protocol, version}: {protocol: number; version: string},
): string {
  const supported: number[] = [...new Set([oldestProtocolVersion, protocolVersion])]
  return (
    `The ${peer} (version ${version}) speaks protocol ${protocol}, this program speaks ${supported.join(' to ')}: ` +
    'update the older of the two'
  )
}
