# shellcheck shell=bash
# The other Debian: libraries of another age answer differently, and the verdicts must be the same. A small
# tree of that release is made, the program is built in it, and the unit and scenario tests run there.
# Sourced by tests/checks.sh, whose check_step() and count_*() it uses.
# shellcheck disable=SC2154 # top, build and jobs are bootstrap's

other=trixie
[ "$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)" != trixie ] || other=bookworm
other_tree=
other_proxy=$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null)
other_proxy=${other_proxy#proxy=\'} other_proxy=${other_proxy%\'}

remove_other_tree() {
	[ -z "$other_tree" ] || rm -rf --one-file-system "$other_tree"
	other_tree=
}

# Prints why there can be none; false: there can.
no_other_release() {
	if [ "$(id -u)" -ne 0 ]; then
		echo "only root makes a tree of another release"
	elif ! command -v mmdebstrap >/dev/null; then
		echo "mmdebstrap is not installed"
	elif [ -z "$other_proxy" ] &&
		! timeout 30 bash -c 'exec 3<>/dev/tcp/deb.debian.org/80' 2>/dev/null; then
		echo "deb.debian.org cannot be reached"
	else
		return 1
	fi
}

make_other_tree() {
	local names name kind rest options=()
	while read -r name kind rest; do
		case $kind in build | lab | unit) names+=${names:+,}$name ;; esac
	done < <(packages)
	[ -z "$other_proxy" ] || options+=("--aptopt=Acquire::http::Proxy \"$other_proxy\"")
	check_step "$other: mmdebstrap" other-tree \
		mmdebstrap --variant=minbase --include="$names" "${options[@]}" $other "$other_tree"
}

# The sources, without the trees that were built from them. usage: copy_sources DIRECTORY
copy_sources() {
	local built
	mapfile -t built < <(cd "$top" && find . -mindepth 2 -maxdepth 3 -name config.status -printf '%h\n')
	mkdir "$1" && tar -C "$top" --exclude=./.git --exclude=./build "${built[@]/#/--exclude=}" -cf - . |
		tar -C "$1" -xf -
}

# Tests wait for servers and budgets more than they compute, so more of them run at a time.
test_other_tree() {
	# shellcheck disable=SC2016 # expanded by make
	if ! step "$other: unit and scenario tests" other-check "${in_other[@]}" "cd /src/b
		make -k -j$((jobs * 2)) check TESTS='\$(unit_tests) \$(scenarios)'"; then
		cp "$other_tree/src/b/test-suite.log" "$build/other-suite.log" &&
			say "  see build/other-suite.log"
		grep -q '^# FAIL:' "$build/other-check.log" || count_one "$other: make check" 1
	fi
	count_trs "$other" "$other_tree/src/b"
}

other_release() {
	local reason in_other
	if reason=$(no_other_release); then
		count_result "$other" SKIP "$reason"
		return
	fi
	trap remove_other_tree EXIT
	other_tree=$(mktemp -d "$build/$other.XXXXXX") && chmod 0755 "$other_tree" || return
	# What is mounted is there for its programs only, and leaves with them.
	# shellcheck disable=SC2016 # the inner shell's own
	in_other=(unshare --mount --propagation private sh -c '
		mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" \
			env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh -ec "$1"' "$other_tree")
	make_other_tree && copy_sources "$other_tree/src" &&
		check_step "$other: configure" other-configure "${in_other[@]}" "cd /src
			autoreconf -fi && mkdir b && cd b && ../configure --enable-werror CFLAGS='-g -O1'" &&
		check_step "$other: build" other-build "${in_other[@]}" \
			"make -C /src/b -j$jobs check TESTS=" &&
		test_other_tree
	remove_other_tree
}
