#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Who may know whom: finds what a layer must not include, call or print.
set -u
cd "${KATOP_SRCDIR:-$(dirname "$0")/..}/src" || exit 99
breaches=$(mktemp) || exit 99
trap 'rm -f "$breaches"' EXIT

# breach RULE: standard input lists the places; none is well. It stands at the end of
# pipes, where a variable is lost: the file keeps what was found.
breach() { sed "s|^|$1: |" | tee -a "$breaches"; }

pure='base model table out view options*.[ch] complete*.[ch] collect/*.[ch]'

# search PATTERN PLACE...: grep over the C files of the places, which may not exist yet.
# shellcheck disable=SC2048,SC2086 # places are words and patterns
search() {
	pattern=$1
	shift
	grep -rnE --include='*.[ch]' -- "$pattern" $* 2>/dev/null
}

# The same over code alone, without strings and comments.
# shellcheck disable=SC2048,SC2086
search_code() {
	pattern=$1
	shift
	find $* -name '*.[ch]' 2>/dev/null | while read -r file; do
		sed -e 's/\\"//g; s/"[^"]*"/""/g; s|/\*.*\*/||' \
			-e 's|^[[:space:]]*/*\*.*||' "$file" |
			grep -nE -- "$pattern" | sed "s|^|$file:|"
	done
}

# Rule 1: the pure layers include ISO C and jansson, nothing of the system.
iso='assert|ctype|errno|float|inttypes|limits|locale|math|setjmp|signal|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|string|wchar|wctype'
search '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' "$pure" |
	grep -vE "<(($iso)\.h|jansson\.h)>" | breach 'pure code includes only ISO C'
search '<jansson\.h>' base model table view options*.[ch] complete*.[ch] |
	breach 'jansson is for records'
# ... never asks for the time or the environment, never talks to a terminal.
search_code '\b(time|clock|clock_gettime|gettimeofday|timespec_get|localtime|gmtime|mktime|getenv|secure_getenv|system|printf|puts|putchar|perror|signal|raise) *\(' \
	"$pure" | breach 'pure code asks nobody'
# ... nor uses what mingw does not have.
search_code '\b(strdup|strndup|strcasecmp|strncasecmp|asprintf|getline|strsep|strtok_r|localtime_r|ssize_t|usleep|stpcpy|memmem|strcasestr) *[(; ]' \
	"$pure" | breach 'pure code is ISO C'

# may LAYER OTHERS: project headers that a layer includes come from these only.
may() {
	layer=$1
	shift
	allowed=$(echo "config\.h|$*" | tr ' ' '|')
	[ -d "$layer" ] || return 0
	search '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$layer" |
		grep -vE "\"($allowed)" | breach "$layer does not know that layer"
}
may base base/
may model base/ model/
may table base/ model/ table/ collect/needs\\.h
may out base/ model/ table/ out/
may view base/ model/ table/ view/
may term base/ view/screen\\.h view/keymap\\.h view/input\\.h term/ host/
may collect base/ model/ collect/ host/ bpf/ katop\\.skel\\.h clock\\.h
may act base/ model/ act/ host/ collect/linux/ collect/windows/

# Rule 2: a collector gives facts; it never forecasts and never prints.
search '#include "model/(keepalive|verdict|explain|outlook|path)\.h"' \
	collect/linux collect/windows collect/none | breach 'a collector does not judge'
search_code '\b(printf|puts|putchar) *\(|\b(fputs|fprintf|fwrite) *\(.*\bstd(out|err)\b' collect act |
	breach 'a collector prints nothing'

# Rule 3: curses lives behind one header in term/, and term never sees a connection.
search '#[[:space:]]*include.*[</]n?curses' . | grep -v '^\./term/with_curses\.h' |
	breach 'term/with_curses.h alone includes curses'
search 'with_curses\.h' . | grep -v '^\./term/' | breach 'term alone knows curses'
search_code '\bstruct (conn|snapshot|column|row|table|filter)\b' term |
	breach 'term knows glyphs and roles'

# Rule 4: the platform is chosen by file.
search '^[[:space:]]*#[[:space:]]*(if|elif|ifdef|ifndef).*\b(_WIN32|_WIN64|__MINGW|__CYGWIN__|__linux|__unix|__APPLE__|__FreeBSD__|__OpenBSD__|__NetBSD__)' . |
	grep -vE '^\./(collect|term|act|host)/|^\./clock' |
	breach 'the platform is chosen by file'

# Rule 5: only main prints errors and exits; running out of memory has its own place.
search_code '\b(_?exit|_Exit|quick_exit|err|errx|perror) *\(' . |
	grep -vE '^\./(main\.c|base/xalloc\.c|host/)' | breach 'only main exits'
search_code '\b(fprintf|fputs|vfprintf|fwrite) *\(.*\bstderr' . |
	grep -vE '^\./(main|listing|base/xalloc)\.c' | breach 'only main prints errors'

# Headers: a guard named after the file; a .c file includes config.h first, then its own.
for header in $(find . -name '*.h' | sed 's|^\./||'); do
	guard=KATOP_$(echo "${header%.h}" | tr 'a-z/-' 'A-Z__')_H
	case $header in bpf/*) continue ;; esac
	grep -q "^#define $guard\$" "$header" || echo "src/$header: $guard"
done | breach 'a header has its guard'
for file in $(find . -name '*.c' | sed 's|^\./||'); do
	case $file in bpf/*) continue ;; esac
	own=${file%.c}.h
	first=$(grep -m1 '^#include' "$file")
	second=$(grep '^#include' "$file" | sed -n 2p)
	[ "$first" = '#include "config.h"' ] || echo "src/$file: $first"
	[ ! -f "$own" ] || [ "$second" = "#include \"$own\"" ] ||
		echo "src/$file: $second"
done | breach 'config.h, then the own header'

# What the linker sees: the library asks no system for anything.
lib=${KATOP_BUILDDIR:-/nonexistent}/libkatop.a
if [ -f "$lib" ] && command -v nm >/dev/null 2>&1; then
	nm -u "$lib" 2>/dev/null | awk '$1 == "U" { print $2 }' | sort -u |
		grep -xE 'open(64)?|openat(64)?|read|write|close|socket|bind|connect|send|sendmsg|recv|recvmsg|ioctl|time|clock_gettime|gettimeofday|getenv|secure_getenv|fork|execve|pthread_create|kill|getuid|getpw.*|getserv.*|initscr|newterm|mnl_.*|capng_.*|bpf_.*' |
		breach 'libkatop.a stays pure'
fi

[ ! -s "$breaches" ]
