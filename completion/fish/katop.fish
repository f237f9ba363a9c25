# SPDX-License-Identifier: GPL-2.0-or-later
# fish completion for katop: the program itself knows what may follow.

function __katop_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct | string trim --left --chars "'\"")
    set -l rest $words[2..-1]
    for line in ($words[1] --complete (count $rest) $rest "$current" 2>/dev/null)
        switch $line
            case :nospace
            case :file
                if string match -q -- '--*=*' $current
                    set -l parts (string split -m 1 = -- $current)
                    printf "$parts[1]=%s\n" (__fish_complete_path $parts[2])
                else
                    __fish_complete_path $current
                end
            case '*'
                printf '%s\n' $line
        end
    end
end

complete -c katop -f -a '(__katop_complete)'
