import {findNul} from './encode-line.ts'
import type {HookedShell, HookOptions, Keystrokes, LineOptions} from './hooked-shell.ts'
import {parseNonce} from './nonce.ts'
import {quoteFish} from './quote.ts'
import {escapedMarkPrefix} from './run-mark.ts'
import {createRunTracker} from './run-tracker.ts'

/** The key that makes fish take the text that lies in the folder. */
const TAKE = '\x1b[7133~'
/** The key that enters an empty line. */
const ENTER = '\x1b[7134~'
/** The key that makes it say that it is there. */
const CALL = '\x1b[7136~'
const PASTE_ENDS = '\x1b[201~'
/** Sets the window's title, or the colours, or goes to where the prompt ends. */
const REDRAW = new RegExp(
  String.raw`\r?(?:${'\x1b'}\]0;|${'\x1b'}\[30m${'\x1b'}\(B${'\x1b'}\[m|(?<=\r)${'\x1b'}\[\d+C)`,
)

/**
 * fish 3.2 or newer. It reads our file when its own start files have been read. Marks come from its events. Its line
 * editor changes a tab in what is pasted and gets slow with much of it, so a key of ours makes it take the text from a
 * file, the whole at once. It says itself if the text is unfinished.
 */
export function hookFish(options: HookOptions): HookedShell {
  const nonce = parseNonce(options.nonce)
  const {folder} = options
  return {
    args: ['-i', '-C', `source ${quoteFish(`${folder}/hook.fish`)}`],
    env: {},
    files: {'hook.fish': hook(nonce, folder)},
    createTracker: () => createRunTracker(nonce, {editor: 'marks', redraw: REDRAW}),
    enters: 'text',
    startsLate: true,
    takesBlindly: false,
    probe: undefined,
    cancel: Buffer.from(ENTER),
    call: Buffer.from(PASTE_ENDS + CALL),
    mayUnhook: () => false,
    encodeLine,
    findUntypable: findNul,
  }
}

function encodeLine(text: string, {discard = false}: LineOptions = {}): Keystrokes {
  // What was typed before may be the begin of a paste.
  const before = discard ? PASTE_ENDS : ''
  return text === '' ? {keys: Buffer.from(before + ENTER)} : {keys: Buffer.from(before + TAKE), text}
}

function hook(nonce: string, folder: string): string {
  const prefix = escapedMarkPrefix(nonce)
  return String.raw`function __holdfast_mark
    builtin printf '${prefix}%s\a' $argv[1] >/dev/tty
end

function __holdfast_end
    __holdfast_mark "$argv[1];$argv[2];"(string escape --style=url -- $PWD)
end

function __holdfast_postexec --on-event fish_postexec
    __holdfast_end end $status
end

function __holdfast_prompt --on-event fish_prompt
    set -l s $status
    # Only now has fish added its own handlers, behind which ours has to come.
    if not functions -q __holdfast_preexec
        function __holdfast_preexec --on-event fish_preexec
            __holdfast_mark start
        end
    end
    __holdfast_end prompt $s
end

function __holdfast_take
    read -z -l text <${quoteFish(`${folder}/text`)}
    commandline -r -- "$text"
    commandline --is-valid
    set -l valid $status
    # A backslash at the end asks for another line, too.
    if string match -qr '(?<!\\\\)(\\\\\\\\)*\\\\$' -- "$text"
        set valid 2
    end
    switch $valid
        case 2
            commandline -r ''
            __holdfast_mark incomplete
        case 1
            commandline -r ''
            __holdfast_mark invalid
            set -l fish (status fish-path)
            $fish --no-config -n -c "$text" >/dev/tty 2>/dev/tty
            __holdfast_end end 127
    end
    commandline -f execute
end

function __holdfast_enter
    commandline -r ''
    commandline -f execute
end

for mode in default insert visual
    bind -M $mode \e\[7133~ __holdfast_take
    bind -M $mode \e\[7134~ __holdfast_enter
    bind -M $mode \e\[7136~ '__holdfast_mark here'
end
`
}
