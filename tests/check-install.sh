#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# make install puts every file in its place, make uninstall takes all of them away.
set -u
cd "${KATOP_BUILDDIR:?}" || exit 99
root=$(mktemp -d) || exit 99
trap 'rm -rf "$root"' EXIT
status=0
unset MAKEFLAGS MFLAGS MAKELEVEL

make -s install DESTDIR="$root" prefix=/usr sysconfdir=/etc >"$root/log" 2>&1 ||
	{ cat "$root/log"; echo 'make install failed'; exit 1; }
rm "$root/log"
for file in bin/katop share/man/man1/katop.1 share/man/man7/katop-keepalive.7 \
	share/doc/katop/README.md share/doc/katop/NEWS \
	share/bash-completion/completions/katop share/zsh/site-functions/_katop \
	share/fish/vendor_completions.d/katop.fish; do
	[ -s "$root/usr/$file" ] || { echo "not installed: /usr/$file"; status=1; }
done
[ "$(find "$root" -type f | wc -l)" = 8 ] ||
	{ find "$root" -type f; echo 'more or fewer files than named here'; status=1; }
"$root/usr/bin/katop" --version | grep -q '^katop [0-9]' ||
	{ echo 'the installed katop does not run'; status=1; }

make -s uninstall DESTDIR="$root" prefix=/usr sysconfdir=/etc >/dev/null 2>&1
[ -z "$(find "$root" -type f)" ] ||
	{ find "$root" -type f; echo 'left behind by make uninstall'; status=1; }
exit $status
