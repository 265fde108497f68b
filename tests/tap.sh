# shellcheck shell=bash
# What the tests that are scripts have in common: they speak TAP, a line for each case. Sourced by them.
# shellcheck disable=SC2034,SC2154 # failed is for them to return, work is theirs

# shellcheck source=tests/wait.sh
. "${BASH_SOURCE[0]%/*}/wait.sh"

count=0				# cases so far
failed=0			# 1: one of them was not ok; the script's exit status in the end

# What else there is to say about a case that failed; scripts have their own.
explain() {
	:
}

# usage: tap NAME STATUS
tap() {
	count=$((count + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $count - $1"
	else
		failed=1
		echo "not ok $count - $1"
	fi
}

# Whether the last command did well. usage: verdict NAME STATUS
verdict() {
	tap "$@"
	[ "$2" -eq 0 ] || explain
}

# usage: verdict_same NAME WANTED GOT
verdict_same() {
	if [ "$2" = "$3" ]; then
		tap "$1" 0
	else
		tap "$1" 1
		printf 'wanted %s\ngot    %s\n' "${2:-nothing}" "${3:-nothing}" | sed 's/^/# /'
		explain
	fi
}

# usage: skip_case NAME WHY
skip_case() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# Nothing more can be tested. usage: give_up TEXT...
give_up() {
	echo "Bail out! $*"
	sed 's/^/# /' "$work/log" 2>/dev/null
	exit 1
}
