import {quotePosix} from '../hooks/quote.ts'
import {MESSAGE_BEGINS, MESSAGE_ENDS} from '../message-marks.ts'
import {MAX_MATCHES} from './side-shell.ts'

/**
 * What is typed once the state is taken: variables that would stop or divert the process are taken away. bash-completion is
 * loaded where it is installed and the user's start files have not done it.
 */
export const SETTLE = String.raw`unset BASH_XTRACEFD TMOUT BASH_ENV POSIXLY_CORRECT FUNCNEST
set +o posix
# The completions that are loaded from files need it.
shopt -s extglob
__hf_specs=()
if ! declare -F _completion_loader && ! declare -F _comp_complete_load && ! complete -p -D; then
  for __hf_file in /usr/share /usr/local/share /opt/homebrew/share; do
    __hf_file=$__hf_file/bash-completion/bash_completion
    if [[ -r $__hf_file ]]; then . "$__hf_file"; break; fi
  done
fi
# bash-completion, before 2.12 and since, quotes a path for compgen, which takes the quotes off again in the line editor only;
# here they would count as a part of the name.
! declare -F _quote_readline_by_ref || _quote_readline_by_ref() { builtin printf -v "$2" %s "$1"; }
! declare -F _comp_quote_compgen || _comp_quote_compgen() { REPLY=$1; }`

/** The script of the side process: it takes requests, which call `__hf_complete`. */
export function bashScript(requests: string): string {
  return String.raw`set +m +o posix
declare -A __hf_specs=()
command mkfifo -m 600 ${quotePosix(requests)} || exit

# A function of the user's may change IFS and the options.
__hf_send() {
  builtin printf '${MESSAGE_BEGINS}'
  (( $# == 0 )) || builtin printf '%s\0' "$@"
  builtin printf '${MESSAGE_ENDS}'
}

# Outside of the line editor, the builtin fails.
compopt() {
  local __hf_sign=
  while (( $# )); do
    case $1 in
      -o) __hf_opts+=" $2 "; shift ;;
      +o) __hf_opts=${'$'}{__hf_opts//" $2 "/}; shift ;;
    esac
    shift
  done
  return 0
}

# kind, folder, the line before the last word, words; the last one without quotes
__hf_complete() {
  local IFS=$' \t\n' __hf_opts= __hf_kind=$1 __hf_cur=${'$'}{!#} __hf_head= __hf_value= __hf_match
  local COMP_LINE=$3 COMP_POINT COMP_TYPE=9 COMP_KEY=9 COMP_CWORD COMPREPLY=()
  local -a COMP_WORDS __hf_found=()
  CDPATH= builtin cd -- "$2" || :
  shift 3
  COMP_WORDS=("$@")
  COMP_CWORD=$(( $# - 1 ))
  # A variable at the start of a path.
  if [[ $__hf_cur =~ ^(\$([A-Za-z_][A-Za-z0-9_]*)|\$\{([A-Za-z_][A-Za-z0-9_]*)\})/ ]]; then
    __hf_head=${'$'}{BASH_REMATCH[1]}
    __hf_value=${'$'}{BASH_REMATCH[2]}${'$'}{BASH_REMATCH[3]}
    __hf_value=${'$'}{!__hf_value-}
    __hf_cur=$__hf_value${'$'}{__hf_cur#"$__hf_head"}
    COMP_WORDS[COMP_CWORD]=$__hf_cur
  fi
  COMP_LINE+=$__hf_cur
  COMP_POINT=${'$'}{#COMP_LINE}
  {
    case $__hf_kind in
      command)
        if [[ $__hf_cur == */* ]]; then
          __hf_files; __hf_executable
        else
          __hf_gather compgen -c -- "$__hf_cur"
          __hf_drop_own
        fi ;;
      variable)
        __hf_head=${'$'}{__hf_cur%%[A-Za-z0-9_]*}
        [[ $__hf_cur == *[A-Za-z0-9_]* ]] || __hf_head=$__hf_cur
        __hf_gather compgen -v -P "$__hf_head" -- "${'$'}{__hf_cur#"$__hf_head"}"
        __hf_drop_own
        [[ $__hf_head != *'{' ]] || __hf_found=("${'$'}{__hf_found[@]/%/\}}")
        __hf_head= __hf_value= ;;
      user) __hf_gather compgen -u -P '~' -- "${'$'}{__hf_cur#\~}" ;;
      file) __hf_files ;;
      *) __hf_argument ;;
    esac
  } </dev/null >/dev/null 2>&1
  if [[ $__hf_opts == *' filenames '* ]]; then
    for __hf_match in "${'$'}{!__hf_found[@]}"; do
      __hf_is_folder "${'$'}{__hf_found[__hf_match]}" && __hf_found[__hf_match]+=/
    done
  fi
  [[ ! $__hf_head ]] || __hf_found=("${'$'}{__hf_found[@]/#"$__hf_value"/"$__hf_head"}")
  __hf_send "$__hf_opts" "${'$'}{__hf_found[@]:0:${MAX_MATCHES}}"
}

# Runs a command that prints matches.
__hf_gather() {
  local __hf_line
  while IFS= read -r __hf_line; do __hf_found+=("$__hf_line"); done < <("$@")
}

__hf_files() {
  __hf_opts+=' filenames '
  # compgen would cut a name at its newline.
  local __hf_option __hf_on= __hf_off= __hf_path=$__hf_cur
  for __hf_option in nullglob dotglob; do shopt -q $__hf_option || __hf_off+=" $__hf_option"; done
  ! shopt -q failglob || __hf_on=failglob
  shopt -s nullglob dotglob
  shopt -u failglob
  [[ $__hf_path != '~/'* ]] || __hf_path=${'$'}{HOME-}/${'$'}{__hf_path#'~/'}
  __hf_found+=("$__hf_path"*)
  [[ ! $__hf_off ]] || shopt -u $__hf_off
  [[ ! $__hf_on ]] || shopt -s $__hf_on
  [[ $__hf_path == "$__hf_cur" ]] || __hf_found=("${'$'}{__hf_found[@]/#"${'$'}{HOME-}"/'~'}")
}

__hf_is_folder() {
  local __hf_path=$1
  [[ $__hf_path != */ ]] || return 1
  [[ $__hf_path != '~/'* ]] || __hf_path=${'$'}{HOME-}/${'$'}{__hf_path#\~/}
  [[ -d $__hf_path ]]
}

# Keeps programs and folders.
__hf_executable() {
  local __hf_path __hf_kept=()
  for __hf_path in "${'$'}{__hf_found[@]}"; do
    [[ -x ${'$'}{__hf_path/#\~\//${'$'}{HOME-}/} ]] && __hf_kept+=("$__hf_path")
  done
  __hf_found=("${'$'}{__hf_kept[@]}")
}

__hf_drop_own() {
  local __hf_name __hf_kept=()
  for __hf_name in "${'$'}{__hf_found[@]}"; do
    [[ $__hf_name == *__hf_* || $__hf_name == *__holdfast_* ]] || __hf_kept+=("$__hf_name")
  done
  __hf_found=("${'$'}{__hf_kept[@]}")
}

__hf_argument() {
  local __hf_command=${'$'}{COMP_WORDS[0]} __hf_spec __hf_try
  if [[ $__hf_command == *[!A-Za-z0-9_./+-]* || ! ${'$'}{__hf_specs[$__hf_command]-} ]]; then
    for __hf_try in 1 2 3; do
      __hf_spec=$(complete -p -- "$__hf_command") || __hf_spec=$(complete -p -- "${'$'}{__hf_command##*/}") || __hf_spec=$(complete -p -D) || break
      __hf_apply "$__hf_spec" && break
      # 124: the function has loaded another specification.
      (( $? == 124 )) || break
    done
    # To look it up takes a process each time.
    [[ $__hf_command == *[!A-Za-z0-9_./+-]* || ! $__hf_spec || " $__hf_spec " == *' -D '* ]] || __hf_specs[$__hf_command]=$__hf_spec
  else
    __hf_spec=${'$'}{__hf_specs[$__hf_command]}
    __hf_apply "$__hf_spec"
  fi
  if (( ! ${'$'}{#__hf_found[@]} )); then
    if [[ ! $__hf_spec || $__hf_opts == *' default '* || $__hf_opts == *' bashdefault '* ]]; then
      __hf_files
    elif [[ $__hf_opts == *' dirnames '* ]]; then
      __hf_folders
    fi
  fi
  [[ $__hf_opts != *' plusdirs '* ]] || __hf_folders
}

__hf_folders() {
  __hf_opts+=' filenames '
  __hf_gather compgen -d -- "$__hf_cur"
}

# Returns 124 if the specification has to be looked up again.
__hf_apply() {
  local __hf_function= __hf_program= __hf_prefix= __hf_suffix= __hf_status=0 __hf_index
  local -a __hf_actions=()
  eval "set -- $1"
  shift
  __hf_opts=
  while (( $# )); do
    case $1 in
      -o) __hf_opts+=" $2 "; shift ;;
      -F) __hf_function=$2; shift ;;
      -C) __hf_program=$2; shift ;;
      -P) __hf_prefix=$2; shift ;;
      -S) __hf_suffix=$2; shift ;;
      -[AGWX]) __hf_actions+=("$1" "$2"); shift ;;
      -[abcdefgjksuv]*) __hf_actions+=("$1") ;;
      -d | -f) __hf_opts+=' filenames ' ;;
    esac
    shift
  done
  case " ${'$'}{__hf_actions[*]} " in *' -f '* | *' -d '* | *' file '* | *' directory '*) __hf_opts+=' filenames ' ;; esac
  (( ! ${'$'}{#__hf_actions[@]} )) || __hf_gather compgen "${'$'}{__hf_actions[@]}" -- "$__hf_cur"
  if [[ $__hf_function ]]; then
    COMPREPLY=()
    "$__hf_function" "${'$'}{COMP_WORDS[0]}" "$__hf_cur" "${'$'}{COMP_WORDS[COMP_CWORD > 0 ? COMP_CWORD - 1 : 0]}"
    __hf_status=$?
    (( __hf_status == 124 )) && return 124
    __hf_found+=("${'$'}{COMPREPLY[@]}")
  fi
  if [[ $__hf_program ]]; then
    export COMP_LINE COMP_POINT COMP_TYPE COMP_KEY
    __hf_gather eval "$__hf_program \"\${COMP_WORDS[0]}\" \"\$__hf_cur\" \"\${COMP_WORDS[COMP_CWORD-1]}\""
  fi
  if [[ $__hf_prefix$__hf_suffix ]]; then
    for __hf_index in "${'$'}{!__hf_found[@]}"; do __hf_found[__hf_index]=$__hf_prefix${'$'}{__hf_found[__hf_index]}$__hf_suffix; done
  fi
  return 0
}

while :; do . ${quotePosix(requests)}; done
`
}
