import {expect, test} from 'vitest'

import {renderText, visible} from './fixtures/render.ts'

test('draws headings, paragraphs and what is marked in them', async () => {
  const text = await renderText(
    `
    # One **two**
    A *text* with **strong**, ***both***, ~~gone~~ and \`code  <b>\`,
    in one paragraph.

    Two
    ===
    ### Three ###
    `,
    {style: visible},
  )
  expect(text).toBe(
    [
      '<h1>One </><h1><b>two</></>',
      'A <i>text</> with <b>strong</>, <i><b>both</></>, <s>gone</> and <c>code  <b></>, in one',
      'paragraph.',
      '',
      '<h1>Two</>',
      '',
      '<h3>Three</>',
    ].join('\n'),
  )
})

test('draws lists in lists, their numbers, their tasks and what else is in an item', async () => {
  const text = await renderText(`
    Steps:
    1. First:
       \`\`\`
       code  of an item
       \`\`\`
    1. second, with a text that is so long that it has two rows in this width
       - nested
         * deeper

       Its second paragraph.
    3. - [x] done
       - [ ] to do

    + other list
    +
    - third list
    lazy
    `)
  expect(text).toBe(
    [
      'Steps:',
      '1. First:',
      '     code  of an item',
      '2. second, with a text that is so long that it has two rows',
      '   in this width',
      '   • nested',
      '     • deeper',
      '',
      '   Its second paragraph.',
      '3. ☒ done',
      '   ☐ to do',
      '',
      '• other list',
      '•',
      '• third list lazy',
    ].join('\n'),
  )
})

test('draws quotes, rules, indented code, raw HTML and character references', async () => {
  const text = await renderText(`
    > one
    > > two
    > - item

    ***

        indented

          code
    text &lt;b&gt; &amp; &#x41;&#27;[31m&bogus;

    <details>
    <b>raw</b>
    `)
  expect(text).toBe(
    [
      '│ one',
      '│',
      '│ │ two',
      '│',
      '│ • item',
      '',
      '─'.repeat(40),
      '',
      '  indented',
      '',
      '    code',
      'text <b> & A&bogus;',
      '',
      '<details>',
      '<b>raw</b>',
    ].join('\n'),
  )
})

test('keeps the indentation of code in a quote and of raw HTML', async () => {
  const text = await renderText(`
    > \`\`\`ts
    > if (a)
    >     b()
    > \`\`\`

    <div>
      <b>
    </div>
    `)
  expect(text).toBe(['│   if (a)', '│       b()', '', '<div>', '  <b>', '</div>'].join('\n'))
})

test('breaks a paragraph where its author does', async () => {
  expect(await renderText('\n    one  \n    two\\\n    three\n    four\n')).toBe('one\ntwo\nthree four')
  expect(await renderText('\n    one\n    two\n', {breaks: true})).toBe('one\ntwo')
})

test('what has no style keeps its marks', async () => {
  const text = '\n    ## One\n    A *text* with **strong**, ***both***, ~~gone~~ and `code`.\n'
  expect(await renderText(text, {style: {}})).toBe('## One\nA *text* with **strong**, ***both***, ~~gone~~ and `code`.')
})
