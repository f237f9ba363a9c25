#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# From a bare machine to a running katop: installs what is missing, builds in build/.
set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH DEBIAN_FRONTEND=noninteractive

usage() {
	cat <<'END'
Usage: ./bootstrap.sh [COMMAND] [CONFIGURE-OPTION]...

  run      install what the build needs, build, and list this machine's
           connections (the default)
  check    the same with what the tests need, then build and run the tests
  deps     only install what these need; `deps ci windows`: what .ci/run needs too
  windows  cross-build build-windows/katop.exe; `windows check` also tests it
  help     this text

Packages are installed by root or sudo, only those whose program or library is
missing. CONFIGURE-OPTION is handed to configure: ./bootstrap.sh check --enable-werror
END
}

say() { printf '%s\n' "bootstrap: $*" >&2; }
die() { say "$*"; exit 1; }

# What is needed, how to see that it is there, and its package by package manager.
# Levels: build, check: nothing goes without; bpf, tests: better with; ci, windows.
# Probes: a program, pc:PKG-CONFIG-MODULE, inc:HEADER, run:FUNCTION. `=`: named as by apt.
needs() {
	cat <<'END'
#level  probe           apt             dnf             pacman      apk          zypper
build   cc              gcc             =               =           =            =
build   inc:stdio.h libc6-dev glibc-devel glibc musl-dev glibc-devel
build   inc:linux/tcp.h linux-libc-dev kernel-headers linux-api-headers \
	linux-headers linux-glibc-devel
build   make            make            =               =           =            =
build   autoconf        autoconf        =               =           =            =
build   automake        automake        =               =           =            =
build   pkg-config pkg-config pkgconf-pkg-config pkgconf pkgconf pkgconf-pkg-config
build   pc:libmnl libmnl-dev libmnl-devel libmnl libmnl-dev libmnl-devel
build   pc:jansson libjansson-dev jansson-devel jansson jansson-dev libjansson-devel
build   pc:libcap-ng libcap-ng-dev libcap-ng-devel libcap-ng libcap-ng-dev libcap-ng-devel
build   pc:ncursesw libncurses-dev ncurses-devel ncurses ncurses-dev ncurses-devel
bpf     pc:libbpf libbpf-dev libbpf-devel libbpf libbpf-dev libbpf-devel
bpf     bpftool         bpftool         =               bpf         =            =
bpf     clang           clang           =               =           =            =
check   pc:cmocka libcmocka-dev libcmocka-devel cmocka cmocka-dev libcmocka-devel
check   python3         python3         =               python      =            =
tests   ip              iproute2        iproute         =           =            =
tests   ss              iproute2        iproute         =           iproute2-ss  =
tests   nft             nftables        =               =           =            =
tests   unshare         util-linux      =               =           =            =
tests   ps              procps          procps-ng       procps-ng   =            =
tests   setcap libcap2-bin libcap libcap libcap-utils libcap-progs
tests   tmux            tmux            =               =           =            =
tests   jq              jq              =               =           =            =
tests   mandoc          mandoc          =               =           =            =
tests   groff           groff-base      =               groff       groff        groff
tests   ctags           universal-ctags ctags           ctags       ctags        ctags
tests   bash            bash            =               =           =            =
tests   zsh             zsh             =               =           =            =
tests   fish            fish            =               =           =            =
ci      clang           clang           =               =           =            =
ci      run:fuzzer_links libclang-rt-dev compiler-rt compiler-rt compiler-rt clang-devel
ci      run:valgrind_runs valgrind,libc6-dbg valgrind valgrind valgrind valgrind
ci      xz              xz-utils        xz              xz          xz           xz
ci      dpkg-buildpackage dpkg-dev        =               dpkg        dpkg-dev     dpkg
ci      dh_auto_configure debhelper       =               =           =            =
ci      fakeroot        fakeroot        =               =           =            =
ci      lintian         lintian         =               =           =            =
windows x86_64-w64-mingw32-gcc gcc-mingw-w64-x86-64-win32 mingw64-gcc mingw-w64-gcc \
	mingw-w64-gcc mingw64-cross-gcc
windows cmake           cmake           =               =           =            =
windows wine            wine,wine64     wine            wine        wine         wine
windows ip              iproute2        iproute         =           =            =
windows tmux            tmux            =               =           =            =
windows python3         python3         =               python      =            =
windows xz              xz-utils        xz              xz          xz           xz
windows bzip2           bzip2           =               =           =            =
END
}

# True when clang can link what --enable-fuzzing builds.
fuzzer_links() {
	echo 'int LLVMFuzzerTestOneInput(void); int LLVMFuzzerTestOneInput(void) { return 0; }' |
		clang -fsanitize=fuzzer,address -x c -o /dev/null -
}

# Without the C library's symbols it ends at once.
valgrind_runs() { valgrind -q true; }

is_there() {
	case $1 in
	pc:*) pkg-config --exists "${1#pc:}" ;;
	inc:*) echo "#include <${1#inc:}>" | cc -E - ;;
	run:*) "${1#run:}" ;;
	*) command -v "$1" ;;
	esac >/dev/null 2>&1 </dev/null
}

find_manager() {
	for manager in apt-get dnf pacman apk zypper; do
		command -v $manager >/dev/null 2>&1 && return
	done
	manager=none
}

# Prints the packages of the levels "$@" whose probe fails.
missing() {
	# Not -r: a backslash carries a row on to the next line.
	# shellcheck disable=SC2162
	needs | while read level probe apt dnf pacman apk zypper; do
		case " $* " in *" $level "*) ;; *) continue ;; esac
		is_there "$probe" && continue
		case $manager in
		dnf) package=$dnf ;;
		pacman) package=$pacman ;;
		apk) package=$apk ;;
		zypper) package=$zypper ;;
		*) package=$apt ;;
		esac
		[ "$package" != = ] || package=$apt
		echo "$package" | tr , '\n'
	done | sort -u | tr '\n' ' '
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif [ -t 0 ]; then
		sudo "$@"
	else
		sudo -n "$@"
	fi
}

updated=
# Installs packages; what the manager says goes to standard error.
install_packages() {
	case $manager in
	apt-get)
		if [ -z "$updated" ]; then
			as_root apt-get -qq update ||
				say "some package lists could not be fetched; going on"
			updated=1
		fi
		as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
			--no-install-recommends -o DPkg::Lock::Timeout=600 \
			-o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold install "$@"
		;;
	dnf) as_root dnf -q -y install "$@" ;;
	pacman) as_root pacman -S --needed --noconfirm "$@" ;;
	apk) as_root apk add --quiet "$@" ;;
	zypper) as_root zypper -n -q install "$@" ;;
	none) die "no package manager that I know; please install: $*" ;;
	esac </dev/null >&2
}

need_root() {
	[ "$(id -u)" = 0 ] && return
	command -v sudo >/dev/null 2>&1 ||
		die "as root or with sudo I would install: $*; please install them and come again"
}

# install_level MUST|MAY LEVEL...
install_level() {
	must=$1
	shift
	packages=$(missing "$@")
	[ -n "$packages" ] || return 0
	need_root "$packages"
	say "installing: $packages"
	# shellcheck disable=SC2086 # a list of packages
	if ! install_packages $packages; then
		# One unknown name fails them all: take them one at a time.
		for package in $packages; do
			install_packages "$package" ||
				say "could not install $package with $manager"
		done
	fi
	packages=$(missing "$@")
	[ -z "$packages" ] && return
	[ "$must" = MAY ] || die "still missing after the installation: $packages"
	say "going on without: $packages"
}

# install_deps LEVEL...: what the build needs, then the levels.
install_deps() {
	case $(uname -s) in
	Linux) ;;
	*) say "not Linux: installing nothing"; return ;;
	esac
	find_manager
	install_level MUST build
	install_level MAY bpf
	for level in "$@"; do
		case $level in
		tests | ci) install_level MAY "$level" ;;
		check | windows) install_level MUST "$level" ;;
		*) die "unknown level '$level': check, tests, ci, windows" ;;
		esac
	done
}

# What configure finds: when this changes, so may its answers.
libraries() {
	pkg-config --modversion libmnl jansson libcap-ng ncursesw libbpf cmocka 2>&1
	command -v clang bpftool
}

# configure_build [OPTION]...: without options those of the last time hold.
configure_build() {
	cd "$top"
	if ! [ -f configure ] || [ -n "$(find configure.ac -newer configure)" ]; then
		autoreconf -fi >autoreconf.log 2>&1 ||
			{ cat autoreconf.log >&2; die "autoreconf failed"; }
		rm -f autoreconf.log
	fi
	mkdir -p build
	cd build
	have=$(libraries) || :
	if [ $# -eq 0 ] && [ -f config.status ]; then
		[ "$have" != "$(cat .libraries 2>/dev/null)" ] || return 0
		eval "set -- $(./config.status --config)"
	fi
	../configure "$@" >configure.log 2>&1 ||
		{ tail -n 20 configure.log >&2; die "configure failed, see build/config.log"; }
	printf '%s\n' "$have" >.libraries
}

jobs() { nproc 2>/dev/null || echo 1; }

build() {
	configure_build "$@"
	make -j"$(jobs)" >&2
}

command=${1:-run}
[ $# -eq 0 ] || shift
case $command in
run)
	install_deps
	build "$@"
	say "this machine's connections: build/katop --list (build/katop: the live view)"
	exec ./katop --list
	;;
check)
	install_deps check tests
	build "$@"
	exec make -j"$(jobs)" check
	;;
deps)
	install_deps check tests "$@"
	;;
windows)
	[ -x "$top/contrib/windows.sh" ] || die "contrib/windows.sh is not in this tree"
	install_deps windows
	exec "$top/contrib/windows.sh" "$@"
	;;
help | -h | --help)
	usage
	;;
*)
	usage >&2
	say "unknown command '$command'"
	exit 2
	;;
esac
