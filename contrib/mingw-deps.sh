#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the libraries that katop.exe needs, static, with mingw-w64:
#
#     contrib/mingw-deps.sh PREFIX
#
# The sources are those of Debian's archive (through apt, or from the directory
# KATOP_DISTFILES), each pinned by its SHA-256. What PREFIX holds already is left alone.
set -eu

host=x86_64-w64-mingw32
build=$(cc -dumpmachine)
jobs=$(nproc 2>/dev/null || echo 2)

# package, file, SHA-256
sources='
ncurses ncurses_6.4.orig.tar.gz 6931283d9ac87c5073f30b6290c4c75f21632bb4fc3603ac8100812bed248159
jansson jansson_2.14.orig.tar.gz c739578bf6b764aa0752db9a2fdadcfe921c78f1228c7ec0bb47fa804c55d17b
cmocka cmocka_1.1.5.orig.tar.xz f0ccd8242d55e2fd74b16ba518359151f6f8383ff8aef4976e48393f77bba8b6
'

fail()
{
	echo "mingw-deps.sh: $*" >&2
	exit 2
}

[ $# -eq 1 ] || fail "usage: contrib/mingw-deps.sh PREFIX"
mkdir -p "$1"
prefix=$(cd "$1" && pwd)
recipe=$(cksum <"$0")
if [ "$(cat "$prefix/.complete" 2>/dev/null)" = "$recipe" ]; then
	exit 0
fi
for tool in $host-gcc cmake make sha256sum tar; do
	command -v "$tool" >/dev/null || fail "$tool not found (./bootstrap.sh deps windows)"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

# Sets apt's lists to Debian's source entries, in $work: the system's own stay as they are.
apt_sources()
{
	command -v apt-get >/dev/null ||
		fail "apt-get not found: put the source archives into KATOP_DISTFILES"
	mkdir -p "$work/parts" "$work/lists/partial"
	for f in /etc/apt/sources.list.d/*.sources; do
		[ -f "$f" ] || continue
		sed 's/^Types:.*/Types: deb-src/' "$f" >"$work/parts/$(basename "$f")"
	done
	for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
		[ -f "$f" ] || continue
		sed -n 's/^deb /deb-src /p' "$f" >"$work/parts/$(basename "$f" .list).list"
	done
	apt="apt-get -qq -o Dir::Etc::SourceList=/dev/null -o APT::Sandbox::User=root
		-o Dir::Etc::SourceParts=$work/parts -o Dir::State::Lists=$work/lists"
	$apt update
}

# fetch PACKAGE FILE SHA256: leaves FILE, checked, in $work.
fetch()
{
	cd "$work"
	if [ -n "${KATOP_DISTFILES:-}" ] && [ -f "$KATOP_DISTFILES/$2" ]; then
		cp "$KATOP_DISTFILES/$2" .
	else
		[ -d "$work/parts" ] || apt_sources
		$apt source --download-only "$1" >/dev/null || fail "cannot download $1"
	fi
	[ -f "$2" ] || fail "Debian's $1 here is not $2: put that file into KATOP_DISTFILES"
	echo "$3  $2" | sha256sum --check --quiet || fail "$2 is not the file that was pinned"
	mkdir "$1"
	tar -xf "$2" -C "$1" --strip-components=1
}

# The steps are chained: the shell forgets set -e inside a condition.
build_ncurses()
{
	mkdir "$work/ncurses-build" && cd "$work/ncurses-build" &&
	../ncurses/configure --host=$host --build="$build" --prefix="$prefix" \
		--enable-widec --enable-term-driver --disable-database \
		--disable-home-terminfo --with-fallbacks=ms-terminal --without-debug \
		--without-cxx --without-cxx-binding --without-ada --without-progs \
		--without-tests --without-manpages CFLAGS='-O2 -w' &&
	make -C include &&
	make -C ncurses -j"$jobs" libs &&
	make -C include install.includes &&
	make -C ncurses install.libs
}

# build_cmake PACKAGE OPTION...: by its own CMakeLists.txt.
build_cmake()
{
	package=$1
	shift
	cmake -S "$work/$package" -B "$work/$package-build" -DCMAKE_SYSTEM_NAME=Windows \
		-DCMAKE_C_COMPILER=$host-gcc -DCMAKE_RC_COMPILER=$host-windres \
		-DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib \
		-DCMAKE_BUILD_TYPE=Release -DCMAKE_C_FLAGS=-w "$@" &&
	cmake --build "$work/$package-build" -j "$jobs" &&
	cmake --install "$work/$package-build"
}

build_jansson()
{
	build_cmake jansson -DJANSSON_BUILD_SHARED_LIBS=OFF -DJANSSON_BUILD_DOCS=OFF \
		-DJANSSON_EXAMPLES=OFF -DJANSSON_WITHOUT_TESTS=ON
}

# cmocka builds a DLL whatever it is told: only its static library stays. Its messages are
# formatted as the tests are, by mingw-w64's own printf, which knows %zu.
build_cmocka()
{
	build_cmake cmocka -DWITH_STATIC_LIB=ON -DWITH_EXAMPLES=OFF -DUNIT_TESTING=OFF \
		-DCMAKE_C_FLAGS='-w -D__USE_MINGW_ANSI_STDIO=1' &&
	sed -i 's/__format__ (__printf__,/__format__ (__gnu_printf__,/' \
		"$prefix/include/cmocka.h" &&
	rm -r "$prefix/bin/cmocka.dll" "$prefix/lib/libcmocka.dll.a" &&
	mv "$prefix/lib/libcmocka-static.a" "$prefix/lib/libcmocka.a"
}

echo "$sources" | grep . >"$work/sources"
while read -r package file sum; do
	fetch "$package" "$file" "$sum"
done <"$work/sources"

echo "mingw-deps.sh: building ncurses, jansson and cmocka (about two minutes)"
{ build_ncurses && build_jansson && build_cmocka; } >"$work/log" 2>&1 ||
	{ tail -n 40 "$work/log" >&2; fail "the build failed (above: the end of its log)"; }
echo "$recipe" >"$prefix/.complete"
