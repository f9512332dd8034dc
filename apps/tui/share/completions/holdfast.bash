# bash completion for holdfast: asks `holdfast complete-line` what can stand at the cursor, so it fits every version.
# For bash 3.2, too: no mapfile, and no option of compopt is needed.
_holdfast() {
  local IFS=$'\n' current=${COMP_WORDS[COMP_CWORD]} tab=$'\t' globbing=+f lines line
  [[ $- == *f* ]] && globbing=-f
  set -f
  lines=($("$1" complete-line bash -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
  COMPREPLY=()
  case ${lines[0]} in
    files)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -f -- "$current"))
      ;;
    folders)
      compopt -o filenames 2>/dev/null
      COMPREPLY=($(compgen -d -- "$current"))
      ;;
    command\ *)
      if declare -F _command_offset >/dev/null; then
        unset IFS
        set $globbing
        _command_offset $((${lines[0]#command } + 1))
      else
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -c -- "$current"))
      fi
      ;;
    words)
      compopt -o nosort 2>/dev/null
      for line in "${lines[@]:1}"; do
        # Where several are listed, with what they are; inserted is only what they have in common.
        if ((${#lines[@]} > 2 && COMP_TYPE == 63)) && [[ -n ${line#*$tab} ]]; then
          COMPREPLY+=("${line%%$tab*}  (${line#*$tab})")
        else
          COMPREPLY+=("${line%%$tab*}")
        fi
      done
      ;;
  esac
  set $globbing
}
complete -F _holdfast holdfast
