# job.sh ID LINES PAUSE: does its work once, which is to note its id, then prints lines, each written to a file first.
echo "$1" >> effects
line=1
while [ "$line" -le "$2" ]; do
  echo "$1 line $line ✓" >> "output-$1"
  echo "$1 line $line ✓"
  line=$((line + 1))
  [ "$3" = 0 ] || sleep "$3"
done
