import {randomBytes} from 'node:crypto'
import {existsSync, linkSync, rmSync, writeFileSync} from 'node:fs'

import {homePaths} from '@holdfast/event-log'
import {readPidFiles} from '@holdfast/supervisor'

import {UserError} from '../process/user-error.ts'
import {readToken} from './read-token.ts'

const tokenBytes = 32

/** The file with the access token of a home, for `serve` without `--token-file`. */
export function homeTokenFile(home: string): string {
  return `${home}/token`
}

/** Reads the access token of a home, after it has created one if there is none. */
export async function openHomeToken(home: string): Promise<string> {
  const file = homeTokenFile(home)
  if (!existsSync(file)) createToken(file)
  return await readToken(file)
}

/** The file appears with its whole content; if another process was faster, its token stays. */
function createToken(file: string): void {
  const part = `${file}.${process.pid}`
  try {
    writeFileSync(part, `${randomBytes(tokenBytes).toString('base64url')}\n`, {mode: 0o600, flush: true})
    linkSync(part, file)
  } catch (error) {
    const {code} = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw new UserError(`the access token cannot be saved in ${file} (${code})`, {cause: error})
  } finally {
    rmSync(part, {force: true})
  }
}

/**
 * The access token for a `serve` of this home, if that is what listens at the address now. Nobody else gets it: another user
 * may listen at a port where a `serve` has ended.
 */
export async function tokenForOwnServe(home: string, url: string): Promise<string | undefined> {
  const serves = readPidFiles(homePaths(home).run).filter(({role}) => role === 'serve')
  const isOwn = serves.some((serve) => serve.url !== undefined && isSameUrl(serve.url, url))
  return isOwn ? await readToken(homeTokenFile(home)) : undefined
}

function isSameUrl(one: string, other: string): boolean {
  return URL.parse(one)?.href === URL.parse(other)?.href
}
