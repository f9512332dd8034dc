import {readFile, stat} from 'node:fs/promises'
import {basename, extname, resolve} from 'node:path'
import {pathToFileURL} from 'node:url'

import type {ContentBlock} from '@agentclientprotocol/sdk'

import {AcpError} from '../agent/acp-error.ts'
import {findMentions} from './find-mentions.ts'

/** A part of a prompt. Paths are relative to the folder of the session. */
export type PromptPart =
  | {type: 'text'; text: string}
  /** Text in which `@path` mentions a file, as in a prompt that is a string. */
  | {type: 'typed'; text: string}
  /** Sent as the agent can take it: an image or a text with its content, else as a link. */
  | {type: 'file'; path: string}
  /** `data` is base64. */
  | {type: 'image'; data: string; mimeType: string}

export interface ContentOptions {
  cwd: string
  /** What the agent can take, as it said. Links to files every agent can. */
  accepts: {image: boolean; embeddedContext: boolean}
}

/** Of larger files the agent gets only a link, bytes. */
const MAX_IMAGE_BYTES = 10 * 1024 * 1024
const MAX_TEXT_BYTES = 256 * 1024

const imageTypes: Readonly<Record<string, string>> = {
  '.gif': 'image/gif',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
}

/**
 * Turns a prompt into content for the agent. In what was typed, `@path` mentions a file; a word after `@` that is no file is text.
 * Rejects with `AcpError` `unreadable` for a file part that cannot be read, and `unsupported` for an image to an agent that
 * takes none.
 */
export async function toContent(
  prompt: string | readonly PromptPart[],
  options: ContentOptions,
): Promise<ContentBlock[]> {
  const parts = typeof prompt === 'string' ? [{type: 'typed', text: prompt} as const] : prompt
  return (await Promise.all(parts.map((part) => partToContent(part, options)))).flat()
}

async function partToContent(part: PromptPart, options: ContentOptions): Promise<ContentBlock[]> {
  if (part.type === 'text') return [part]
  if (part.type === 'typed') return typedToContent(part.text, options)
  if (part.type === 'file') return [await fileToContent(part.path, options)]
  if (!options.accepts.image) throw new AcpError('unsupported', 'This agent takes no images')
  return [part]
}

async function typedToContent(typed: string, options: ContentOptions): Promise<ContentBlock[]> {
  const blocks = await Promise.all(
    findMentions(typed).map(async (part): Promise<ContentBlock> => {
      if (part.type === 'text') return part
      return fileToContent(part.path, options).catch(() => ({type: 'text', text: part.text}))
    }),
  )
  return joinTexts(blocks)
}

async function fileToContent(path: string, {cwd, accepts}: ContentOptions): Promise<ContentBlock> {
  const file = resolve(cwd, path)
  const uri = pathToFileURL(file).href
  try {
    const {size, isFile} = await stat(file).then((stats) => ({size: stats.size, isFile: stats.isFile()}))
    const mimeType = imageTypes[extname(file).toLowerCase()]
    if (isFile && mimeType !== undefined && accepts.image && size <= MAX_IMAGE_BYTES) {
      return {type: 'image', data: await readFile(file, 'base64'), mimeType, uri}
    }
    if (isFile && mimeType === undefined && accepts.embeddedContext && size <= MAX_TEXT_BYTES) {
      const text = textOf(await readFile(file))
      if (text !== undefined) return {type: 'resource', resource: {uri, text}}
    }
    return {type: 'resource_link', uri, name: basename(file), ...(isFile && {size})}
  } catch (error) {
    const {code, message} = error as NodeJS.ErrnoException
    throw new AcpError('unreadable', `\`${path}\`: ${code ?? message}`, {cause: error})
  }
}

/** Undefined for what is not UTF-8, and for what has a null character, as binary files do. */
function textOf(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    return undefined
  }
}

/** A word that was no file belongs to the text around it. */
function joinTexts(blocks: readonly ContentBlock[]): ContentBlock[] {
  const joined: ContentBlock[] = []
  for (const block of blocks) {
    const last = joined.at(-1)
    if (block.type === 'text' && last?.type === 'text')
      joined[joined.length - 1] = {type: 'text', text: last.text + block.text}
    else joined.push(block)
  }
  return joined
}
