import {expect, test} from 'vitest'

import {render, visible} from './fixtures/render.ts'

const hyperlink = (url: string, text: string) => `\u001b]8;;${url}\u001b\\${text}\u001b]8;;\u001b\\`

test('draws links and bare addresses as OSC 8, in each row of their own', async () => {
  const text =
    '[the page of it](https://example.com/a?b=ü "title") https://x.org/y me@x.org <file:///tmp/a> ![image](http://i.org)'
  expect(await render([text], {hyperlinks: true, columns: 15})).toEqual([
    hyperlink('https://example.com/a?b=%C3%BC', 'the page of it'),
    hyperlink('https://x.org/y', 'https://x.org/y'),
    hyperlink('mailto:me@x.org', 'me@x.org'),
    hyperlink('file:///tmp/a', 'file:///tmp/a'),
    hyperlink('http://i.org/', 'image'),
  ])
  expect(await render(['a [bcd efg](http://x.org) h'], {hyperlinks: true, columns: 8, style: visible})).toEqual([
    `a ${hyperlink('http://x.org/', '<a>bcd</>')}`,
    `${hyperlink('http://x.org/', '<a>efg</>')} h`,
  ])
})

test('shows the address behind the text without OSC 8, and where it may not be opened', async () => {
  const text = '[page](https://x.org) https://x.org [file](src/a.ts#L3) [evil](javascript:alert(1))'
  expect(await render([text])).toEqual([
    'page (https://x.org) https://x.org file (src/a.ts#L3) evil',
    '(javascript:alert(1))',
  ])
  expect(
    await render(['[evil](javascript:alert(1)) [long](http://x.org/%s)'.replace('%s', 'a'.repeat(3000))], {
      hyperlinks: true,
      columns: 5000,
    }),
  ).toEqual([`evil (javascript:alert(1)) long (http://x.org/${'a'.repeat(3000)})`])
})

test('an address does not hide behind a text that looks like another one', async () => {
  const draw = async (text: string) => (await render([text], {hyperlinks: true}))[0]
  const evil = `${hyperlink('https://evil.org/', 'https://good.org')} (https://evil.org)`
  expect(await draw('[https://good.org](https://evil.org)')).toBe(evil)
  for (const text of [
    'www.good.org',
    'good.org/login',
    'it: https://good.org',
    '`https://good.org`',
    '**https://good.org**',
  ])
    expect(await draw(`[${text}](https://evil.org)`)).toContain(' (https://evil.org)')
  for (const text of ['https://x.org/a', 'x.org/a/', 'see x.org/a', 'a.ts', 'the page'])
    expect(await draw(`[${text}](https://x.org/a)`)).not.toContain(' (')
})

test('an address cannot end the sequence of its link', async () => {
  const [line] = await render(['[a](<https://x.org/\u001b\\\u0007;&#27;&#7;\u009c b>)'], {hyperlinks: true})
  expect(line).toBe(
    hyperlink('https://x.org/;&%2327;&%237;%20b'.replaceAll('%23', '#').replace(/#27;&#7;%20b/, '#27;&#7;%20b'), 'a'),
  )
})
