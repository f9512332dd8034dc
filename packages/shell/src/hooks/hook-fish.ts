import {createRunTracker, markerPrefix} from '@holdfast/run-completion'

import {groupFish} from './command-stdio.ts'
import {MESSAGE_BEGINS, MESSAGE_ENDS} from '../message-marks.ts'
import {findNul} from './encode-line.ts'
import type {HookedShell, HookOptions, Keystrokes, LineOptions} from './hooked-shell.ts'
import {quoteFish} from './quote.ts'

/** The key on which fish takes the text from the file. */
const TAKE = '\x1b[7133~'
/** The key that enters an empty line. */
const ENTER = '\x1b[7134~'
/** The key on which it answers whether it still has the hooks. */
const PROBE = '\x1b[7135~'
/** The key on which it answers `synced`. */
const SYNC = '\x1b[7136~'
const PASTE_ENDS = '\x1b[201~'
/** How fish begins to redraw its prompt: it sets the window title or the colours, or moves to the end of the prompt. */
const REDRAW = new RegExp(
  String.raw`\r?(?:${'\x1b'}\]0;|${'\x1b'}\[30m${'\x1b'}\(B${'\x1b'}\[m|(?<=\r)${'\x1b'}\[\d+C)`,
)

/**
 * fish 3.2 or newer. It sources our file after its own start files; handlers of its events print the markers. Its line
 * editor changes tabs in pasted text and is slow with long text, so a key of our own makes it take the whole text from a file
 * and report an unfinished one.
 */
export function hookFish({nonce, folder, stateLink}: HookOptions): HookedShell {
  return {
    args: ['-i', '-C', `source ${quoteFish(`${folder}/hook.fish`)}`],
    env: {},
    files: {'hook.fish': hook(nonce, folder, stateLink)},
    createTracker: (mayHaveJobs) => createRunTracker(nonce, {editor: 'markers', redraw: REDRAW, mayHaveJobs}),
    encodeLine,
    group: groupFish,
    findUntypable: findNul,
    takesTextFile: true,
    reportsNoStop: true,
    printsAfterStart: true,
    probeKeys: Buffer.from(PROBE),
    syncKeys: Buffer.from(PASTE_ENDS + SYNC),
    cancelKeys: Buffer.from(ENTER),
  }
}

function encodeLine(text: string, {discard = false}: LineOptions = {}): Keystrokes {
  // Keys typed before may have begun a paste.
  const before = discard ? PASTE_ENDS : ''
  return {keys: Buffer.from(before + (text === '' ? ENTER : TAKE)), shown: text, ...(text !== '' && {text})}
}

function hook(nonce: string, folder: string, stateLink: string | undefined): string {
  const prefix = markerPrefix(nonce).replace('\x1b', '\\e')
  return String.raw`# The user may have functions named like builtins, except those whose names fish reserves.
function __holdfast_mark
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
    # Only now has fish added its own handlers; ours has to run after them.
    if not builtin functions -q __holdfast_preexec
        function __holdfast_preexec --on-event fish_preexec
            __holdfast_mark start
        end
    end
    __holdfast_bind
    __holdfast_history
    __holdfast_end prompt $s
${stateLink === undefined ? '' : `    if test -c ${quoteFish(stateLink)}\n        __holdfast_state >${quoteFish(stateLink)} 2>/dev/null\n    end\n`}end

# Prints what completions depend on: variables, completions, and functions whose names no file in $fish_function_path has.
function __holdfast_state
    builtin printf '${MESSAGE_BEGINS}'
    builtin set -UL | string replace -r '^' 'set -g '
    builtin set -gL | string replace -r '^' 'set -g '
    builtin set -xL | string replace -r '^' 'set -gx '
    set -l files (string replace -rf '.*/(.*)\.fish$' '$1' -- $fish_function_path/*.fish | string escape --style=regex)
    set -l pattern '^('(string join '|' -- $files)')$'
    for name in (builtin functions -a -n | string match -rv -- $pattern)
        builtin functions -- $name
    end
    builtin complete
    builtin printf '${MESSAGE_ENDS}'
end

function __holdfast_history
    set -l name $fish_history
    set -q fish_history
    or set name fish
    test "$name" = default
    and set name fish
    set -l data $XDG_DATA_HOME
    test -n "$data"
    or set data ~/.local/share
    if set -q fish_private_mode; or test -z "$name"
        __holdfast_mark 'history;'
    else
        __holdfast_mark 'history;'(string escape --style=url -- $data/fish/"$name"_history)
    end
end

function __holdfast_take
    read -z -l text <${quoteFish(`${folder}/text`)}
    builtin commandline -r -- "$text"
    builtin commandline --is-valid
    set -l valid $status
    # A backslash at the end asks for another line as well, unless it ends a comment: then this word is an error.
    set -l fish (builtin status fish-path)
    if string match -qr '(?<!\\\\)(\\\\\\\\)*\\\\$' -- "$text"
        and builtin printf '%s\nend' "$text" | $fish --no-config -n >/dev/null 2>/dev/null
        set valid 2
    end
    switch $valid
        case 2
            builtin commandline -r ''
            __holdfast_mark incomplete
        case 1
            builtin commandline -r ''
            __holdfast_mark invalid
            $fish --no-config -n -c "$text" >/dev/tty 2>/dev/tty
            __holdfast_end end 127
    end
    builtin commandline -f execute
end

function __holdfast_enter
    builtin commandline -r ''
    builtin commandline -f execute
end

function __holdfast_probe
    if builtin functions __holdfast_prompt | string match -q '*--on-event fish_prompt*'
        and builtin functions __holdfast_end | string match -q '*__holdfast_mark*'
        __holdfast_mark hooked
    else
        __holdfast_mark unhooked
        source ${quoteFish(`${folder}/hook.fish`)}
    end
end

# At every prompt, because the command before may have erased them.
function __holdfast_bind
    for mode in default insert visual (builtin bind --list-modes) $fish_bind_mode
        builtin bind -M $mode \e\[7133~ __holdfast_take
        builtin bind -M $mode \e\[7134~ __holdfast_enter
        builtin bind -M $mode \e\[7135~ __holdfast_probe
        builtin bind -M $mode \e\[7136~ '__holdfast_mark synced'
        # Where no paste has begun, its end is no text.
        builtin bind -M $mode \e\[201~ true
    end
end
__holdfast_bind
`
}
