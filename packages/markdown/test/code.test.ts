import {expect, test} from 'vitest'

import {createMarkdownRenderer} from '../src/index.ts'
import {render, renderText, visible} from './fixtures/render.ts'

test('highlights code by its language, line by line', async () => {
  const text = `
    \`\`\`ts title="a.ts"
    const a = \`one
    two\` // three

    /* four
       five */ return 'six'
    \`\`\`
    ~~~Python
    def f(): return "a" # b
    ~~~
    `
  expect(await renderText(text, {style: visible})).toBe(
    [
      '  <keyword>const</> a = <string>`one</>',
      '  <string>two`</> <comment>// three</>',
      '',
      '  <comment>/* four</>',
      "  <comment>   five */</> <keyword>return</> <string>'six'</>",
      '  <keyword>def</> f(): <keyword>return</> <string>"a"</> <comment># b</>',
    ].join('\n'),
  )
})

test('JSX with template literals and apostrophes does not colour what follows', async () => {
  const text = `
    \`\`\`tsx
    <div className={\`a \${n} b\`} id="x">
      <p>It's</p> <br />
    </div>
    const b = \`one
      two\` + c
    const a = "the \`b\` of it", c = 'd'
    \`\`\`
    `
  expect(await renderText(text, {style: visible})).toBe(
    [
      '  <div className={<string>`a ${n} b`</>} id=<string>"x"</>>',
      "    <p>It<string>'s</p> <br /></>",
      '  </div>',
      '  <keyword>const</> b = <string>`one</>',
      '    <string>two`</> + c',
      '  <keyword>const</> a = <string>"the `b` of it"</>, c = <string>\'d\'</>',
    ].join('\n'),
  )
})

test('code without a language, or in an unknown one, is drawn as it is, and not wrapped', async () => {
  const line = `${'long '.repeat(30)}end`
  expect(await render(['```nonesuch\n', line, '\n\tx\n```\n```\n', line, '\n'])).toEqual([
    `  ${line}`,
    '      x',
    `  ${line}`,
  ])
})

test('a line of code goes out when it ends, and the unfinished one is in the view, wrapped', async () => {
  const renderer = createMarkdownRenderer({columns: 12})
  renderer.add('```\none\ntwo')
  expect(renderer.takeLines()).toEqual(['  one'])
  expect(renderer.view(10)).toEqual(['  two'])
  renderer.add(' and three and four')
  expect(renderer.view(10)).toEqual(['  two and th', '  ree and fo', '  ur'])
  expect(renderer.view(2)).toEqual(['  ree and fo', '  ur'])
  renderer.add('\n``')
  expect(renderer.takeLines()).toEqual(['  two and three and four'])
  expect(renderer.view(10)).toEqual([])
})

test('code waits in the view while its language is loaded', async () => {
  let changes = 0
  const renderer = createMarkdownRenderer({columns: 40, style: visible, onChange: () => changes++})
  renderer.add('```elm\n```\n```lua\nlocal a\n```\nafter\n\n')
  expect(renderer.takeLines()).toEqual([])
  expect(renderer.view(10)).toEqual(['  local a'])
  expect(renderer.isBehind).toBe(true)
  await renderer.settled
  expect(changes).toBe(1)
  expect(renderer.takeLines()).toEqual(['  <keyword>local</> a', 'after'])
  expect(renderer.isBehind).toBe(false)
})
