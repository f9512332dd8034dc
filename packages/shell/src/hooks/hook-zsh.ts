import {createRunTracker, markerPrefix} from '@holdfast/run-completion'

import {groupPosix, plainScript} from './command-stdio.ts'
import {MESSAGE_BEGINS, MESSAGE_ENDS} from '../message-marks.ts'
import {findNul, showLine} from './encode-line.ts'
import type {HookedShell, HookOptions, Keystrokes} from './hooked-shell.ts'
import {quotePosix} from './quote.ts'
import {stateCall} from './state-call.ts'

/** The key on which zsh's line editor accepts the text that follows, up to the end of a paste, as its line. */
const TAKE = '\x1b[7133~'
/** The key on which it answers whether it still has the hooks. */
const PROBE = '\x1b[7134~'
/** The key on which it discards an unfinished command. */
const CANCEL = '\x1b[7135~'
/** The key on which it answers `synced`. */
const SYNC = '\x1b[7136~'
/** How zsh begins to redraw its prompt: it resets all attributes, or clears the screen below. */
const REDRAW = new RegExp(String.raw`\r*${'\x1b'}\[0m${'\x1b'}\[27m${'\x1b'}\[24m|${'\x1b'}\[J`)
/** What zsh prints before each prompt: both. */
const PROMPT_BEGINS = '\r\x1b[0m\x1b[27m\x1b[24m\x1b[J'
/** Longer prompts, encoded, are not reported: each character has up to 4 bytes, and a marker up to 16 KiB. */
const MAX_PROMPT_CHARACTERS = 3500
const PASTE_ENDS = '\x1b[201~'

/**
 * zsh 5.1 or newer. It looks for its first start file in our folder; that file directs it to the user's folder for all
 * others, and installs the hooks when they have been read, before the first prompt.
 *
 * The first of `precmd_functions` prints the end marker, the last of `preexec_functions` the start marker. zsh prints
 * `PROMPT_EOL_MARK` before it calls any function; there stands a marker for the end of the output, so that traces, DEBUG
 * traps and the user's functions print nothing into it. A line comes through a key of our own, so that no widget of the
 * user's changes it. History expansion is off, interactive comments are on.
 */
export function hookZsh({nonce, folder, env, stateLink}: HookOptions): HookedShell {
  return {
    args: ['-i'],
    env: {ZDOTDIR: folder},
    files: {'.zshenv': zshenv(nonce, env['ZDOTDIR'], stateLink)},
    createTracker: (mayHaveJobs) => createRunTracker(nonce, {redraw: REDRAW, promptBegins: PROMPT_BEGINS, mayHaveJobs}),
    encodeLine,
    group: groupPosix,
    findUntypable: findNul,
    probeKeys: Buffer.from(PROBE),
    syncKeys: Buffer.from(SYNC),
    cancelKeys: Buffer.from(CANCEL),
  }
}

/** Writes control characters as escapes, which the widget of the key decodes. */
function encodeLine(line: string): Keystrokes {
  const escaped = line
    .replaceAll('\\', '\\\\')
    // oxlint-disable-next-line no-control-regex -- the characters to escape
    .replaceAll(/[\x01-\x1f\x7f]/g, (key) => `\\x${key.charCodeAt(0).toString(16).padStart(2, '0')}`)
  return {keys: Buffer.from(TAKE + escaped + PASTE_ENDS), shown: showLine(line)}
}

function zshenv(nonce: string, folder: string | undefined, stateLink: string | undefined): string {
  const prefix = markerPrefix(nonce).replace('\x1b', '\\e')
  const restore = folder === undefined ? 'unset ZDOTDIR' : `export ZDOTDIR=${quotePosix(folder)}`
  return String.raw`${restore}
# The user may have functions named like builtins, and any option may be set. The redirections hide traces, and what a function
# named 'builtin' prints.
__holdfast_precmd() {
  {
    __holdfast_end "$?"
    __holdfast_unplain
    builtin setopt zle prompt_sp
    # It would ask a question that nobody sees.
    builtin unsetopt correct correct_all
    builtin enable zle
    __holdfast_prepare
    ${stateCall(stateLink)}
  } >/dev/null 2>&1
}

${plainScript('builtin ')}
# Prints what completions depend on: options, variables, functions, aliases, styles, and the tables of compinit, which hide
# their values. Of functions that zsh loads when they are called, only the names.
__holdfast_state() {
  builtin local n
  builtin printf '${MESSAGE_BEGINS}'
  builtin print -rn -- 'builtin setopt '
  builtin print -r -- ${'$'}{(k)options[(R)on]}
  builtin emulate -L zsh -o extended_glob
  builtin print -r -- "HOME=${'$'}{(qq)HOME} path=( ${'$'}{(qq)path[@]} ) fpath=( ${'$'}{(qq)fpath[@]} ) cdpath=( ${'$'}{(qq)cdpath[@]} )"
  builtin typeset -p -- ${'$'}{(k)parameters[(R)^*(special|readonly|hide|local)*]}
  for n in _comps _services _patcomps _postpatcomps _compautos; do
    [[ ${'$'}{parameters[$n]-} != association* ]] || builtin print -r -- "typeset -gHA $n; $n=( ${'$'}{(@qqkvP)n} )"
  done
  [[ ${'$'}{parameters[_comp_setup]-} != scalar* ]] || builtin print -r -- "typeset -gH _comp_setup=${'$'}{(qq)_comp_setup}"
  [[ ${'$'}{parameters[_comp_options]-} != array* ]] || builtin print -r -- "typeset -gHa _comp_options; _comp_options=( ${'$'}{(qq)_comp_options[@]} )"
  builtin print -r -- builtin autoload -Uz -- ${'$'}{(qq)${'$'}{(k)functions[(R)(|builtin )autoload *]}}
  builtin functions -- ${'$'}{(k)functions[(R)^(|builtin )autoload *]}
  builtin alias -L
  [[ ${'$'}{builtins[zstyle]-} != defined ]] || builtin zstyle -L
  builtin printf '${MESSAGE_ENDS}'
}

# Whether 'builtin' is what it should be: not disabled, and no function of the user's, which may print anything.
__holdfast_has_builtin() {
  (( ${'$'}{+builtins[builtin]} && ! ${'$'}{+functions[builtin]} ))
}

# Prints its argument to the terminal.
__holdfast_print() {
  __holdfast_has_builtin && builtin emulate -L zsh && builtin print -rn -- "$1" >/dev/tty
}

# Called with the status.
__holdfast_end() {
  builtin emulate -L zsh
  builtin local s="$1" c x t="$PWD" h="${'$'}{HISTFILE-}"
  # Input that a program left unread is not a command.
  while c= && builtin read -t 0 -s -k 1 c && [[ -n $c ]]; do :; done
  __holdfast_encode
  [[ $h == *[[:cntrl:]]* ]] && h=
  __holdfast_print ${'$'}'${prefix}history;'"${'$'}{h//\%/%25}"${'$'}'\a${prefix}end;'"$s;$t"${'$'}'\a'
}

# Percent-encodes $t.
__holdfast_encode() {
  builtin emulate -L zsh
  builtin local c x
  t=${'$'}{t//\%/%25}
  if [[ $t == *[[:cntrl:]]* ]]; then
    for ((c = 1; c < 128; c += c == 31 ? 96 : 1)); do
      builtin printf -v x '%%%02X' $c
      t=${'$'}{t//${'$'}{(#)c}/$x}
    done
  fi
}

# The last of the user's precmd_functions has made the prompt what it will be.
__holdfast_report() {
  { __holdfast_shows "$?"; } >/dev/null 2>&1
}

# While jobs exist, which may print among the prompts, reports what zsh will draw for them. Called with the status.
__holdfast_shows() {
  if (( ! ${'$'}{#jobstates} )); then
    builtin return
  elif [[ -o prompt_subst ]]; then
    # What the prompt runs may fail or count, and a subshell has no jobs.
    builtin : "${'$'}(__holdfast_expand "$1" "${'$'}{PS1//\%j/${'$'}{#jobstates}}")"
  else
    __holdfast_expand "$1" "$PS1"
  fi
}

__holdfast_return() {
  builtin return "$1"
}

# Called with the status and the prompt. The names of its variables are none of the user's, which the prompt may show.
__holdfast_expand() {
  builtin setopt local_options local_traps
  builtin unsetopt err_exit err_return
  builtin trap - ZERR DEBUG
  builtin local __holdfast_text=${'$'}'\x1a'
  builtin local __holdfast_more="${'$'}{PS2//\%_/$__holdfast_text}" __holdfast_right="${'$'}{RPS1-${'$'}{RPROMPT-}}"
  __holdfast_return "$1"
  __holdfast_text="${'$'}{(%%)2}"
  __holdfast_return "$1"
  __holdfast_more="${'$'}{(%%)__holdfast_more}"
  __holdfast_return "$1"
  __holdfast_right="${'$'}{(%%)__holdfast_right}"
  __holdfast_tell "$__holdfast_text" "$__holdfast_more" "$__holdfast_right"
}

__holdfast_tell() {
  builtin emulate -L zsh
  builtin local t all=
  for t; do
    __holdfast_encode
    all+=";${'$'}{t//;/%3B}"
  done
  (( ${'$'}{#all} > ${MAX_PROMPT_CHARACTERS} )) || __holdfast_print ${'$'}'${prefix}shows'"$all"${'$'}'\a'
}

# What a command needs, whatever the one before has changed.
__holdfast_prepare() {
  builtin emulate -L zsh
  builtin local k
  __holdfast_may_set zle_bracketed_paste && builtin typeset -ga zle_bracketed_paste && zle_bracketed_paste=($'\e[?2004h' $'\e[?2004l')
  __holdfast_may_set PROMPT_EOL_MARK && builtin typeset -g PROMPT_EOL_MARK='%{'$'${prefix}over;''%?'$'\a''%}' && builtin typeset +x PROMPT_EOL_MARK
  builtin zle -N __holdfast_take
  builtin zle -N __holdfast_probe
  builtin zle -N __holdfast_sync
  for k in emacs viins vicmd main; do
    builtin bindkey -M $k $'\e[7133~' __holdfast_take $'\e[7134~' __holdfast_probe $'\e[7135~' send-break $'\e[7136~' __holdfast_sync
  done
}

__holdfast_may_set() {
  builtin emulate -L zsh
  [[ ${'$'}{(tP)1} != *readonly* ]]
}

__holdfast_preexec() {
  { __holdfast_print ${'$'}'${prefix}start\a'; } >/dev/null 2>&1
}

# A command can be typed even where one of the two is a function of the user's.
__holdfast_zle() {
  if __holdfast_has_builtin; then builtin zle "$@"; else zle "$@"; fi
}

__holdfast_take() {
  {
    builtin emulate -L zsh
    builtin local t
    __holdfast_zle .bracketed-paste t
    BUFFER=${'$'}{(g::)t}
    __holdfast_zle .accept-line
  } >/dev/null 2>&1
}

__holdfast_probe() {
  {
    builtin emulate -L zsh
    if [[ " $precmd_functions " == *' __holdfast_precmd '* && $functions[__holdfast_precmd] == *__holdfast_end* && $functions[__holdfast_end] == *${nonce}* ]]; then
      __holdfast_print ${'$'}'${prefix}hooked\a'
    else
      __holdfast_print ${'$'}'${prefix}unhooked\a'
      __holdfast_hook
    fi
  } >/dev/null 2>&1
}

__holdfast_sync() {
  { __holdfast_print ${'$'}'${prefix}synced\a'; } >/dev/null 2>&1
}

# Fails if the user does not allow it.
__holdfast_hook() {
  builtin emulate -L zsh
  __holdfast_may_set precmd_functions && __holdfast_may_set preexec_functions || builtin return 1
  builtin typeset -ga precmd_functions preexec_functions
  precmd_functions=(__holdfast_precmd ${'$'}{precmd_functions:#__holdfast_(precmd|report)} __holdfast_report)
  preexec_functions=(${'$'}{preexec_functions:#__holdfast_preexec} __holdfast_preexec)
}

__holdfast_install() {
  {
    builtin unsetopt bang_hist
    builtin setopt interactive_comments
    __holdfast_hook || __holdfast_print ${'$'}'${prefix}unhooked\a'
    builtin unfunction __holdfast_install
  } >/dev/null 2>&1
  __holdfast_precmd
}

# Installs the hooks at the first prompt, whatever the start files do.
unsetopt bang_hist
zmodload zsh/sched
sched +0 __holdfast_install
if [[ -r ${'$'}{ZDOTDIR-$HOME}/.zshenv ]]; then . ${'$'}{ZDOTDIR-$HOME}/.zshenv; fi
`
}
