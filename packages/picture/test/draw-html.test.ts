import {expect, test} from 'vitest'

import {drawHtml, type PictureSpan} from '../src/index.ts'

const drawn = (...lines: PictureSpan[][]) => drawHtml({cols: 40, lines: lines.map((spans) => ({spans}))})
const bodyOf = (html: string) => /^<pre style="[^"<>]*">\n([^]*)\n<\/pre>\n$/.exec(html)?.[1]

test('draws rows as text, with inline styles where they are not the default', () => {
  const html = drawn(
    [
      {text: 'plain ', cells: 6},
      {text: 'red', cells: 3, color: 1, bold: true},
    ],
    [],
    [{text: 'x', cells: 1, inverse: true, underline: true, strikethrough: true}],
  )
  expect(bodyOf(html)).toBe(
    `plain <span style="color:#f0717c;font-weight:bold">red</span>

<span style="color:#16181d;background:#d6d9e0;text-decoration:underline line-through">x</span>`,
  )
})

test('wide characters take two columns, whatever their font', () => {
  expect(
    bodyOf(
      drawn([
        {text: '日', cells: 2},
        {text: 'x', cells: 1},
      ]),
    ),
  ).toBe('<span style="display:inline-block;width:2ch">日</span>x')
})

test('dim text is between its colour and its background; hidden text is blank', () => {
  expect(bodyOf(drawn([{text: 'x', cells: 1, dim: true, color: 1, background: '#000000'}]))).toContain(
    'color:color-mix(in srgb,#f0717c 60%,#000000)',
  )
  expect(
    bodyOf(
      drawn([
        {text: 'secret', cells: 6, invisible: true},
        {text: '|', cells: 1},
      ]),
    ),
  ).toBe('      |')
})

test('no text and no colour of a hostile program becomes markup, and no control character remains', () => {
  const hostile = '</pre><script>alert("1")</script>&\u0000\u001b\ud800'
  expect(bodyOf(drawn([{text: hostile, cells: hostile.length, color: '"><script>', background: 'url(x)'}]))).toBe(
    '&lt;/pre&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\ufffd\ufffd\ufffd',
  )
})

test('the theme sets the colours', () => {
  expect(drawHtml({cols: 1, lines: []}, {theme: 'light'})).toContain('background:#fbfbfa;color:#24292f')
})
