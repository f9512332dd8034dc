import * as z from 'zod/mini'

import {sessionIdPattern} from '../ids.ts'
import {lazily} from '../lazily.ts'
import {wholeNumber} from '../whole-number.ts'

export const session = lazily(() =>
  z.object({
    session_id: z.string().check(z.regex(sessionIdPattern, 'Expected a session id: 10 letters or digits')),
  }),
)
/** Columns or rows of a terminal; the host uses at most `maxColumns` and `maxCells`. */
export const cells = () => wholeNumber(1, 10_000)
export const nothing = lazily(() => z.object({}))
