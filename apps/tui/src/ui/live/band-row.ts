/* oxlint-disable no-control-regex -- control sequences are what this file is about */
import stringWidth from 'string-width'

import type {Paint} from '../../theme/paint.ts'

/** A row on a band over the whole width, also behind what resets the background. Where the theme has no band, the row as it is. Pure. */
export function bandRow(row: string, columns: number, paint: Paint): string {
  const [begin = ''] = paint('band', mark).split(mark)
  if (begin === '') return row
  const whole = row.replace(/\u001b\[(?:[\d;]*;)?(?:0|49)?m/g, (reset) => reset + begin)
  return paint('band', whole + ' '.repeat(Math.max(0, columns - stringWidth(row))))
}

const mark = 'x'
