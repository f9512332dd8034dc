import {mkdirSync, writeFileSync} from 'node:fs'

import {test} from 'vitest'

import {need} from '../../../../tooling/vitest/need.ts'
import {createHome, type Home} from '../support/home.ts'
import {openTui} from '../support/tui.ts'

const startFiles = {
  bash: {'.bashrc': String.raw`PS1='\[\e[32m\]\W\[\e[0m\] of bash\n[$?] $ '`},
  zsh: {'.zshrc': `PROMPT=$'%F{green}%1~%f of zsh\\n[%?] $ '; RPROMPT='at the right'`},
  fish: {
    '.config/fish/config.fish': `function fish_prompt; set -l code $status; echo (basename $PWD) of fish; echo "[$code] \\$ "; end`,
  },
} satisfies Record<string, Record<string, string>>

function prepare(home: Home, shell: keyof typeof startFiles): void {
  mkdirSync(`${home.user}/.config/fish`, {recursive: true})
  // Else fish generates completions at its first start, as a job.
  mkdirSync(`${home.user}/.local/share/fish/generated_completions`, {recursive: true})
  for (const [file, text] of Object.entries(startFiles[shell])) writeFileSync(`${home.user}/${file}`, `${text}\n`)
  mkdirSync(`${home.user}/.config/holdfast`, {recursive: true})
  writeFileSync(`${home.user}/.config/holdfast/config.json`, '{"prompt": "shell"}')
}

test.each(['bash', 'zsh', 'fish'] as const)(
  '%s: with the setting `prompt: shell`, the composer begins with the prompt of the shell',
  async (shell) => {
    need(shell)
    await using home = createHome()
    prepare(home, shell)
    await using tui = await openTui(home, ['--shell', shell])
    await tui.waitFor('· idle')
    tui.type('sh -c "exit 7"')
    await tui.waitFor('sh -c "exit 7"')
    tui.press('enter')
    await tui.waitFor(new RegExp(`· idle\\nproject of ${shell}\\n\\[7\\] \\$ *$`, 'm'))
    const command = `mkdir sub; cd sub; sh -c 'until [ -e go ]; do sleep 0.01; done'`
    tui.type(command)
    await tui.waitFor(`[7] $ ${command}`)
    tui.press('enter')
    await tui.waitFor(/· (?:\S )?running.*\n❯/)
    writeFileSync(`${home.project}/sub/go`, '')
    await tui.waitFor(new RegExp(`· idle\\nsub of ${shell}\\n\\[0\\] \\$ *$`, 'm'))
  },
)
