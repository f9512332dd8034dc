import {expect, test} from 'vitest'

import {formatCastEvent, formatCastHeader} from '../../src/export/asciicast.ts'

test('a recording has a header and a line for each event', () => {
  expect(formatCastHeader({title: 'A title', cols: 80, rows: 24, startedAt: 1_795_554_260_900})).toBe(
    '{"version":2,"width":80,"height":24,"timestamp":1795554260,"idle_time_limit":2,"title":"A title","env":{"TERM":"xterm-256color"}}\n',
  )
  expect(formatCastEvent({at: 0.12345, kind: 'output', text: 'é\u009b\r\n'})).toBe('[0.123,"o","é\\u009b\\r\\n"]\n')
  expect(formatCastEvent({at: 5, kind: 'marker', text: 'kill -9'})).toBe('[5,"m","kill -9"]\n')
  expect(formatCastEvent({at: 5, kind: 'resize', text: '100x30'})).toBe('[5,"r","100x30"]\n')
})
