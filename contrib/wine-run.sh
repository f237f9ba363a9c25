#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a Windows program under Wine, for tests:
#
#     contrib/wine-run.sh PROGRAM [ARGUMENT]...
#     contrib/wine-run.sh --clone DIRECTORY     makes a prefix of its own there
#     contrib/wine-run.sh --end                 ends the wineserver of the prefix
#
# The prefix is KATOP_WINEPREFIX. Without it a template is used that all tests of a user
# share (KATOP_WINE_TEMPLATE, by default below TMPDIR); it is made when it is missing,
# which takes 20 s and 700 MB. A wineserver sees the network namespace it was started
# in: a test in a namespace of its own clones the template first.
set -eu

template=${KATOP_WINE_TEMPLATE:-${TMPDIR:-/tmp}/katop-wine-$(id -u)}

# Without winedbg.exe=d a crash can end with status 0.
export WINEDEBUG=-all
export WINEDLLOVERRIDES='winedbg.exe=d;mscoree=d;mshtml=d;winemenubuilder.exe=d'
unset DISPLAY WAYLAND_DISPLAY

fail()
{
	echo "wine-run.sh: $*" >&2
	exit 99
}

make_template()
{
	mkdir -p "$template"
	if ! [ -O "$template" ] || [ -L "$template" ]; then
		fail "$template is not mine"
	fi
	chmod 0700 "$template"
	(
		flock 9
		[ -f "$template/.ready" ] && exit
		export WINEPREFIX="$template/prefix"
		if ! wineboot -i >"$template/log" 2>&1 9>&- || ! wineserver -w 9>&-; then
			cat "$template/log" >&2
			fail "cannot make a prefix"
		fi
		touch "$template/.ready"
	) 9>"$template/.lock"
}

# Links all but the registry, which Wine writes anew.
clone_template()
{
	mkdir -p "$1"
	cp -al "$template/prefix/." "$1/" 2>/dev/null || cp -a "$template/prefix/." "$1/"
	for registry in system.reg user.reg userdef.reg; do
		cp --remove-destination "$template/prefix/$registry" "$1/$registry"
	done
}

command -v wine >/dev/null || fail "wine not found"
if [ -z "${KATOP_WINEPREFIX:-}" ]; then
	[ -f "$template/.ready" ] || make_template
fi
case ${1:-} in
--clone)
	clone_template "$2"
	exit
	;;
--end)
	WINEPREFIX=${KATOP_WINEPREFIX:-$template/prefix} wineserver -k || :
	exit 0
	;;
esac
export WINEPREFIX="${KATOP_WINEPREFIX:-$template/prefix}"
exec wine "$@"
