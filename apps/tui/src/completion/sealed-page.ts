import {createHash} from 'node:crypto'

const seal = /\n<!-- Written by holdfast (\S+), ([0-9a-f]{16}): a changed page is not replaced\. -->\n$/

/** Adds a line to a page, by which a later version knows that nobody has changed it. Pure. */
export function sealPage(page: string, version: string): string {
  return `${page}\n<!-- Written by holdfast ${version}, ${digest(page)}: a changed page is not replaced. -->\n`
}

/** Whether a page may be replaced by the next one. `same`: it is that one. `changed`: a user has written to it. Pure. */
export function judgePage(found: string, next: string): 'same' | 'older' | 'changed' {
  if (found === next) return 'same'
  const sealed = seal.exec(found)
  return sealed !== null && digest(found.slice(0, sealed.index)) === sealed[2] ? 'older' : 'changed'
}

function digest(page: string): string {
  return createHash('sha256').update(page).digest('hex').slice(0, 16)
}
