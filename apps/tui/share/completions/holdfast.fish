# fish completion for holdfast: asks `holdfast complete-line` what can stand at the cursor, so it fits every version.
function __holdfast_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] complete-line fish -- $words[2..-1] $current 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path $current
        case folders
            __fish_complete_directories $current
        case 'command *'
            set -l at (string replace 'command ' '' -- $lines[1])
            __fish_complete_subcommand --fcs-skip=(math $at + 1)
        case words
            test (count $lines) -gt 1; and printf '%s\n' $lines[2..-1]
    end
end
complete -c holdfast -f -k -a '(__holdfast_complete)'
