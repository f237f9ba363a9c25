#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Cross-builds katop.exe in build-windows/ (`./bootstrap.sh windows` installs what this
# needs):
#
#     contrib/windows.sh [check] [CONFIGURE-OPTION]...
#
# With `check` also runs its tests under Wine. The libraries are built once, in
# build-windows/deps or in KATOP_MINGW_PREFIX.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
build=$top/build-windows
host=x86_64-w64-mingw32
jobs=$(nproc 2>/dev/null || echo 2)
check=no
if [ "${1:-}" = check ]; then
	check=yes
	shift
fi

mkdir -p "$build"
deps=${KATOP_MINGW_PREFIX:-$build/deps}
"$top/contrib/mingw-deps.sh" "$deps"

cd "$top"
if ! [ -f configure ] || [ -n "$(find configure.ac -newer configure)" ]; then
	autoreconf -fi
fi

cd "$build"
PKG_CONFIG_LIBDIR=$deps/lib/pkgconfig ../configure --host=$host \
	--build="$(../build-aux/config.guess)" --enable-werror --quiet \
	CPPFLAGS="-I$deps/include -I$deps/include/ncursesw" LDFLAGS="-L$deps/lib -static -s" \
	TEST_RUNNER="$top/contrib/wine-run.sh" "$@"
make -j"$jobs"

# One file, that needs nothing but the system.
for dll in $($host-objdump -p katop.exe | sed -n 's/.*DLL Name: //p'); do
	case $(echo "$dll" | tr '[:upper:]' '[:lower:]') in
	advapi32.dll | iphlpapi.dll | kernel32.dll | msvcrt.dll | user32.dll | ws2_32.dll) ;;
	*)
		echo "windows.sh: katop.exe needs $dll, which is not the system's" >&2
		exit 1
		;;
	esac
done
ls -l katop.exe

[ $check = yes ] || exit 0
# A prefix for this run alone.
KATOP_WINE_TEMPLATE=$(mktemp -d)
export KATOP_WINE_TEMPLATE
trap '"$top/contrib/wine-run.sh" --end; rm -rf "$KATOP_WINE_TEMPLATE"' EXIT
trap 'exit 130' INT TERM HUP
make -j"$jobs" check
