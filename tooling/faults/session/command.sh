# command.sh ID VERSION WORK …: the command of a prompt. It notes its id and version, then writes all that it prints to a
# file before it prints it. WORK is one of: print LINES PAUSE, flood LINES, ask, measure.
echo "$1 $2" >> effects
case $3 in
  print)
    line=1
    while [ "$line" -le "$4" ]; do
      echo "$1 line $line ✓" >> "output-$1"
      echo "$1 line $line ✓"
      line=$((line + 1))
      [ "$5" = 0 ] || sleep "$5"
    done
    ;;
  flood)
    seq 1 "$4" > "output-$1"
    cat "output-$1"
    ;;
  ask)
    # The echo of the answer would count as output.
    stty -echo
    trap 'stty echo' EXIT
    echo "$1 asks" > "output-$1"
    echo "$1 asks"
    # Reads nothing when the terminal is gone.
    read -r answer && echo "$answer" >> "input-$1"
    ;;
  measure)
    stty size > size
    ;;
esac
