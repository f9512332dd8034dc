import {join} from 'node:path'

import {MESSAGE_BEGINS, MESSAGE_ENDS} from '../message-marks.ts'
import {quotePosix} from '../hooks/quote.ts'
import {MAX_MATCHES, type SideShell} from './side-shell.ts'

/** Options of the user's that completions see. Others could end or divert the side process. */
const OPTIONS: ReadonlySet<string> = new Set(
  (
    'autocd autonamedirs autoparamkeys cdablevars chaselinks completealiases completeinword equals extendedglob globcomplete ' +
    'globdots globsubst hashlistall ignorebraces interactivecomments listtypes magicequalsubst numericglobsort pathdirs ' +
    'rcexpandparam rcquotes recexact'
  ).split(' '),
)

/**
 * Completes in zsh 5.1 or newer: its line editor, in a terminal that nobody sees, calls the user's completion system, while a
 * function in the place of `compadd` notes the matches.
 */
export function sideZsh(): SideShell {
  return {
    start({folder, requests, answers}) {
      return {
        args: ['-d', '-i'],
        env: {ZDOTDIR: folder, TERM: 'xterm', SHELL_SESSIONS_DISABLE: '1'},
        files: {'.zshrc': script(requests, answers, folder)},
      }
    },
    takeState(state) {
      const end = state.indexOf('\n')
      const options = state
        .slice(0, end)
        .split(' ')
        .filter((name) => OPTIONS.has(name))
      const set = options.length === 0 ? '' : `builtin setopt ${options.join(' ')}\n`
      return `{\nunalias -a\n${state.slice(end)}\n} 2>/dev/null\n${set}__hf_settle\n__hf_taken=1\n`
    },
    request: ({text, cwd}) => `builtin cd -q -- ${quotePosix(cwd)}\n__hf_text=${quotePosix(text)}\n`,
    readAnswer(answer, {text, quote}) {
      const [length = '0', ...fields] = answer.split('\0')
      const start = text.length - Number(length)
      const matches = []
      for (let at = 0; at + 3 < fields.length; at += 4) {
        const [insert = '', suffix = '', label = '', description = ''] = fields.slice(at, at + 4)
        matches.push({insert, suffix: suffix === ' ' ? `${quote} ` : suffix, label, description})
      }
      return {start, matches}
    },
  }
}

function script(requests: string, answers: string, folder: string): string {
  return String.raw`builtin unset ZDOTDIR
command mkfifo -m 600 ${quotePosix(requests)} || exit
PS1= PS2= RPS1= HISTFILE= HISTSIZE=0 SAVEHIST=0 KEYTIMEOUT=1
setopt no_beep no_prompt_cr no_prompt_sp no_monitor no_check_jobs no_hup no_bang_hist hist_ignore_space
zmodload zsh/complete zsh/zle zsh/zutil zsh/parameter

__hf_send() {
  builtin printf '${MESSAGE_BEGINS}'
  (( ! $# )) || builtin printf '%s\0' "$@"
  builtin printf '${MESSAGE_ENDS}'
}

# After a state was taken: nothing of the user's runs at a prompt or at the end, and nothing is stored.
__hf_settle() {
  PS1= PS2= RPS1= RPROMPT= HISTFILE= HISTSIZE=0 SAVEHIST=0
  unset TMOUT
  precmd_functions=() preexec_functions=() chpwd_functions=() periodic_functions=() zshexit_functions=() zshaddhistory_functions=()
  unfunction -m 'TRAP*' '(precmd|preexec|chpwd|periodic|zshexit|zshaddhistory|command_not_found_handler)'
  if (( ! ${'$'}{+_comps} )); then
    # The user has no completion system.
    builtin autoload -Uz compinit
    compinit -u -d ${quotePosix(join(folder, 'zcompdump'))}
  fi
} >/dev/null 2>&1

# The line editor opens: answers, then waits for the next request. zsh has closed the pipe by now: else the next request could go
# to its old reader.
__hf_line_init() {
  if (( ${'$'}{+__hf_taken} )); then
    unset __hf_taken
    __hf_send >${quotePosix(answers)}
  fi
  if (( ${'$'}{+__hf_text} )); then
    BUFFER=$__hf_text
    CURSOR=$#BUFFER
    unset __hf_text
    __hf_matches=()
    __hf_length=0
    zle __hf_list
    __hf_send "$__hf_length" "${'$'}{(@)__hf_matches}" >${quotePosix(answers)}
  fi
  BUFFER=' . ${quotePosix(requests)}'
  zle .accept-line
}
zle -N zle-line-init __hf_line_init

typeset -ga __hf_matches
typeset -g __hf_length

__hf_list() {
  # What is typed of the word, with its quotes.
  local __hf_typed=$QIPREFIX$IPREFIX$PREFIX
  __hf_length=$#__hf_typed
  {
    function compadd { __hf_compadd "$@" }
    _main_complete
  } always {
    unfunction compadd
    compstate[insert]= compstate[list]=
    compstate[list_max]=0
  }
} 
zle -C __hf_list complete-word __hf_list

# In the place of compadd: notes the matches, and adds them.
__hf_compadd() {
  local -a __hf_words __hf_shown __hf_display __hf_o __hf_d __hf_P __hf_S __hf_p __hf_s __hf_W __hf_f __hf_Q __hf_q __hf_r __hf_R __hf_rest
  # Matches for an array of the caller's.
  local __hf_word
  for __hf_word in "$@"; do
    [[ $__hf_word != (-|--) ]] || break
    if [[ $__hf_word == -([aklfenUQqC12]#)[OAD]* ]]; then
      builtin compadd "$@"
      return
    fi
  done
  zparseopts -E -a __hf_rest P:=__hf_P S:=__hf_S p:=__hf_p s:=__hf_s W:=__hf_W d:=__hf_d f=__hf_f Q=__hf_Q q=__hf_q r:=__hf_r R:=__hf_R \
    i: I: J: V: X: x: M: F: E: o:: l k a e n U 1 2 C
  if (( $#__hf_d )); then
    case ${'$'}{__hf_d[2]} in
      '('*) eval "__hf_display=${'$'}{__hf_d[2]}" ;;
      *) __hf_display=( "${'$'}{(@P)__hf_d[2]}" ) ;;
    esac
  fi
  if (( $#__hf_display )); then
    builtin compadd -A __hf_words -D __hf_display "$@"
  else
    builtin compadd -A __hf_words "$@"
  fi
  local __hf_text __hf_label __hf_description __hf_end __hf_path __hf_at=0
  local __hf_before=$IPREFIX${'$'}{__hf_P[2]-}
  local __hf_hidden=${'$'}{__hf_p[2]-}
  for __hf_word in "${'$'}{(@)__hf_words}"; do
    (( ++__hf_at, $#__hf_matches < ${MAX_MATCHES * 4} )) || break
    __hf_label=$__hf_word
    (( ! $#__hf_Q )) || __hf_label=${'$'}{(Q)__hf_word}
    __hf_description=
    if (( $#__hf_display >= __hf_at )); then
      __hf_text=${'$'}{__hf_display[__hf_at]}
      if [[ $__hf_text == "$__hf_word"[[:space:]]* ]]; then
        __hf_description=${'$'}{${'$'}{__hf_text#"$__hf_word"}##[[:space:]]#}
      elif [[ $__hf_text != "$__hf_word" ]]; then
        __hf_description=$__hf_text
      fi
      __hf_description=${'$'}{${'$'}{__hf_description#--}##[[:space:]]#}
    fi
    __hf_end=
    if (( $#__hf_f )); then
      __hf_path=${'$'}{__hf_W[2]-${'$'}{__hf_hidden/#\~\//$HOME/}}
      [[ -d ${'$'}{(e)__hf_path}$__hf_label ]] && __hf_end=/
    fi
    if (( $#__hf_Q )); then
      __hf_text=$__hf_word
    elif [[ ${'$'}{compstate[quote]} == \' ]]; then
      __hf_text=${'$'}{__hf_word//\'/\'\\\'\'}
    elif [[ ${'$'}{compstate[quote]} == \" ]]; then
      __hf_text=${'$'}{__hf_word//(#m)[\"\\\$\`]/\\$MATCH}
    else
      __hf_text=${'$'}{(q)__hf_word}
    fi
    __hf_label+=$__hf_end
    __hf_text=$QIPREFIX$__hf_before$__hf_hidden$__hf_text${'$'}{__hf_s[2]-}
    if [[ -n $__hf_end ]]; then
      __hf_text+=/
    elif (( $#__hf_S )); then
      __hf_text+=${'$'}{__hf_S[2]}
    else
      __hf_end=' '
    fi
    [[ $__hf_end == ' ' ]] || __hf_end=
    __hf_matches+=("$__hf_text" "$__hf_end" "$__hf_label" "$__hf_description")
  done
  builtin compadd "$@"
}
`
}
