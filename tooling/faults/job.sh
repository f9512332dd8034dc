# job.sh ID VERSION WHAT …: does its work once, which is to note its id and version; all that it prints it writes to a
# file first.
# print LINES PAUSE | flood LINES | ask | measure
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
    # What is typed is no output.
    stty -echo
    trap 'stty echo' EXIT
    echo "$1 asks" > "output-$1"
    echo "$1 asks"
    # A terminal that is gone answers nothing.
    read -r answer && echo "$answer" >> "input-$1"
    ;;
  measure)
    stty size > size
    ;;
esac
