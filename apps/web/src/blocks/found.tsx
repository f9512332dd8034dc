import type {ReactNode} from 'react'
import './found.css'

/** What a search has found. The transcript keeps it in sight until the user scrolls. */
export function Found({isLine = false, children}: {isLine?: boolean; children: ReactNode}) {
  const Tag = isLine ? 'mark' : 'div'
  return <Tag className={isLine ? 'found found-line' : 'found found-block'}>{children}</Tag>
}
