#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the Debian package, then installs, runs and purges it in a scratch root. Takes
# minutes: .ci/run runs it, not make check.
set -eu
PATH=$PATH:/usr/sbin:/sbin
top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
skip() { echo "SKIP: $*"; exit 77; }
fail() { echo "FAIL: $*"; exit 1; }

for tool in dpkg-buildpackage dh lintian; do
	command -v $tool >/dev/null || skip "no $tool"
done
[ "$(id -u)" = 0 ] || skip 'a scratch root takes root'
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT
unset MAKEFLAGS MFLAGS MAKELEVEL
root=$work/root

# ---- build from what git knows, as it lies here
mkdir "$work/katop"
cd "$top"
if git rev-parse >/dev/null 2>&1; then
	git -c safe.directory='*' ls-files -z
else
	find . -path './build*' -prune -o -type f -print0
fi | xargs -0 cp --parents -t "$work/katop"
cd "$work/katop"
DEB_BUILD_OPTIONS=parallel=$(nproc) dpkg-buildpackage -us -uc -b >"$work/log" 2>&1 ||
	{ tail -n 60 "$work/log"; fail 'dpkg-buildpackage'; }
package=$(ls "$work"/katop_*.deb)
echo "built $(basename "$package")"

# ---- what is in it
lintian --no-cfg --allow-root --fail-on error,warning "$work"/katop_*.changes ||
	fail 'lintian complains'
dpkg-deb -c "$package" >"$work/contents"
for file in usr/bin/katop usr/share/man/man1/katop.1.gz \
	usr/share/man/man7/katop-keepalive.7.gz \
	usr/share/bash-completion/completions/katop \
	usr/share/zsh/vendor-completions/_katop \
	usr/share/fish/vendor_completions.d/katop.fish \
	usr/share/doc/katop/README.md usr/share/doc/katop/copyright; do
	grep -q " \./$file\(\.gz\)\?\$" "$work/contents" || fail "/$file is not in it"
done
depends=$(dpkg-deb -f "$package" Depends)
for library in libc6 libbpf libcap-ng libjansson libmnl libncursesw libtinfo; do
	case $depends in
	*"$library"*) ;;
	*) fail "does not depend on $library: $depends" ;;
	esac
done

# ---- install into a root of its own, with the libraries of this one lent to it
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/usr" "$root/etc" \
	"$root/proc" "$root/sys"
: >"$root/var/lib/dpkg/status"
cp -L /etc/ld.so.cache /etc/passwd "$root/etc"
for lib in lib lib64; do
	[ ! -d /usr/$lib ] || mkdir "$root/usr/$lib"
	[ ! -L /$lib ] || ln -s usr/$lib "$root/$lib"
done
list() { (cd "$root" && find . ! -path './var/*' ! -type d | sort); }
list >"$work/before"
dpkg --root="$root" --log=/dev/null --force-depends --force-script-chrootless \
	-i "$package" >"$work/log" 2>&1 || { cat "$work/log"; fail 'dpkg -i'; }
[ "$(dpkg --root="$root" -s katop | sed -n 's/^Status: //p')" = 'install ok installed' ] ||
	fail 'dpkg does not say installed'

# ---- run
cat >"$work/run" <<'END'
set -eu
for dir in /usr/lib /usr/lib64; do
	[ ! -d "$1$dir" ] || mount --bind "$dir" "$1$dir"
done
mount -t proc proc "$1/proc"
chroot "$1" /usr/bin/katop --version
chroot "$1" /usr/bin/katop --list --all >"$1/var/listing"
chroot "$1" /usr/bin/katop --settings >/dev/null
grep -q '^VERDICT' "$1/var/listing"
END
unshare --mount --net --pid --fork sh "$work/run" "$root" ||
	fail 'the installed katop does not run'

# ---- purge
dpkg --root="$root" --log=/dev/null --force-script-chrootless -P katop \
	>"$work/log" 2>&1 || { cat "$work/log"; fail 'dpkg -P'; }
list >"$work/after"
cmp -s "$work/before" "$work/after" ||
	{ diff "$work/before" "$work/after" || :; fail 'purge leaves files behind'; }
echo 'installed, ran, purged'
