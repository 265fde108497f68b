# shellcheck shell=bash
# ./bootstrap check: everything that decides whether a change is good. Sourced by bootstrap, whose
# step(), say() and configure_tree() it uses. Each case of each test counts by itself; a step that
# is no test program (a build, an analysis) counts as one.
# shellcheck disable=SC2154 # top, build, jobs and absent are bootstrap's

# shellcheck source=tests/other-release.sh
. "$top/tests/other-release.sh"

passed=0
failed=0
skipped=0
failures=()
skips=()

count_one() {			# NAME STATUS
	if [ "$2" -eq 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		failures+=("$1")
	fi
}

# A step that counts as one test. usage: check_step TEXT LOG COMMAND...
check_step() {
	local status
	step "$@"
	status=$?
	count_one "$1" $status
	return $status
}

count_result() {		# WHERE RESULT NAME
	case $2 in
	PASS | XFAIL) passed=$((passed + 1)) ;;
	SKIP)
		skipped=$((skipped + 1))
		skips+=("$1: $3")
		;;
	*)
		failed=$((failed + 1))
		failures+=("$1: $3")
		;;
	esac
}

# What automake's test driver noted down for every case: results in .trs, names in .log.
count_trs() {			# WHERE DIRECTORY
	local file line
	while IFS= read -r -d '' file; do
		while read -r line; do
			count_result "$1" "${line#:test-result: }" ''
		done < <(grep -E '^:test-result: (PASS|XFAIL)' "$file")
		while read -r line; do
			count_result "$1" FAIL "${line#*: }"
		done < <(grep -E '^(FAIL|ERROR|XPASS): ' "${file%.trs}.log")
		while read -r line; do
			count_result "$1" SKIP "${line#*: }"
		done < <(grep -E '^SKIP: ' "${file%.trs}.log")
	done < <(find "$2" -name '*.trs' -print0 | sort -z)
}

# A test program run directly; its log is its TAP. usage: tap_step TEXT LOG COMMAND...
tap_step() {
	local status line cases=0
	step "$@"
	status=$?
	while read -r line; do
		cases=$((cases + 1))
		case $line in
		ok*'# SKIP'*) count_result "$1" SKIP "$line" ;;
		ok*) count_result "$1" PASS "$line" ;;
		*) count_result "$1" FAIL "$line" ;;
		esac
	done < <(grep -E '^(not )?ok\b' "$build/$2.log")
	# A program that fails without a failed case has not come to its end.
	if [ $cases -eq 0 ] || { [ $status -ne 0 ] && ! grep -q '^not ok' "$build/$2.log"; }; then
		count_one "$1" 1
	fi
}

# usage: tree NAME CONFIGURE-ARGUMENT...: configures and builds, test programs included.
tree() {
	local name=$1
	shift
	check_step "$name: configure" "$name-configure" configure_tree "$build/$name" "$@" &&
		check_step "$name: build" "$name-build" \
			make -C "$build/$name" -j"$jobs" check TESTS=
}

# Tests wait for servers and budgets more than they compute, so more of them run at a time.
test_tree() {
	local name=$1
	find "$build/$name" -name '*.trs' -delete
	if ! step "$name: make check" "$name-check" make -k -C "$build/$name" -j$((jobs * 2)) check; then
		find "$build/$name" -name '*.trs' -exec grep -l '^:test-result: [^PS]' {} + |
			sed "s|^$top/\(.*\)\.trs$|  see \1.log|"
		# Something other than a test failed: a program was not built.
		grep -q '^# FAIL:' "$build/$name-check.log" || count_one "$name: make check" 1
	fi
	count_trs "$name" "$build/$name"
}

# Whether a test was skipped because this release of the distribution lacks a package. usage: is_excused SKIP
is_excused() {
	local name
	for name in "${absent[@]}"; do
		[[ $1 != *"$name is not installed"* ]] || return 0
	done
	return 1
}

summary() {
	local name
	echo
	if [ $failed -gt 0 ]; then
		say "Failed:"
		for name in "${failures[@]}"; do
			say "  $name"
		done
	fi
	if [ $skipped -gt 0 ]; then
		say "Skipped:"
		for name in "${skips[@]}"; do
			say "  $name"
		done
		# A peer that continuous integration lacks is a peer that nobody tries.
		for name in "${skips[@]}"; do
			[ -z "${CI:-}" ] || is_excused "$name" || failed=$((failed + 1))
		done
		say "$passed passed, $failed failed, $skipped skipped"
	else
		say "$passed passed, $failed failed"
	fi
	[ $failed -eq 0 ]
}

checks() {
	make_configure
	if tree gcc --enable-werror; then
		test_tree gcc
		tap_step "gcc: daemon under valgrind" valgrind \
			env top_srcdir="$top" top_builddir="$build/gcc" "$top/tests/check-valgrind"
		tap_step "gcc: static analysis" lint make -s -C "$build/gcc" -j"$jobs" lint
		check_step "gcc: make distcheck" distcheck make -C "$build/gcc" -j$((jobs * 2)) distcheck
	fi
	tree clang CC=clang --enable-werror
	tree sanitizers --enable-werror --enable-sanitizers CFLAGS='-g -O1' && test_tree sanitizers
	other_release
	summary
}
