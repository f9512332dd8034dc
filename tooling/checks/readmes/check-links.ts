import {existsSync} from 'node:fs'
import {dirname, join} from 'node:path'

/** Relative links in a markdown text that lead to no file. `file` is its path from `root`. */
export function checkLinks(root: string, file: string, markdown: string): string[] {
  let fenced = false
  return markdown.split('\n').flatMap((text, index) => {
    if (/^ {0,3}(```|~~~)/.test(text)) fenced = !fenced
    if (fenced) return []
    return targetsIn(text)
      .filter((target) => !leadsSomewhere(root, file, target))
      .map((target) => `${file}:${index + 1}: expected \`${target}\` to be a file, found none`)
  })
}

function targetsIn(text: string): string[] {
  const prose = text.replaceAll(/`[^`]*`/g, '')
  const inline = [...prose.matchAll(/\]\(<?([^)\s>]+)/g)]
  const reference = [...prose.matchAll(/^ {0,3}\[[^\]]+\]:\s*<?([^\s>]+)/g)]
  return [...inline, ...reference].map((match) => match[1] ?? '')
}

function leadsSomewhere(root: string, file: string, target: string): boolean {
  if (/^([a-z][a-z0-9+.-]*:|\/\/|#)/i.test(target)) return true
  const path = decodeURI(target).replace(/[#?].*$/, '')
  return existsSync(path.startsWith('/') ? join(root, path) : join(root, dirname(file), path))
}
