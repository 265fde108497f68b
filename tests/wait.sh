# shellcheck shell=bash
# shellcheck disable=SC2034 # line is the caller's
# How scripts wait: for a condition or for the end of a process, always with a limit, and what did not
# come in time is named. Sourced by tests/tap.sh and tests/lab.sh.

# A pipe that never has anything to read: reading it with a time limit passes the time.
[ -n "${never:-}" ] || exec {never}<> <(:)

# Waits until COMMAND succeeds. usage: wait_for WHAT SECONDS COMMAND...
wait_for() {
	local what=$1 seconds=$2 end=$((SECONDS + $2))
	shift 2
	until "$@"; do
		if [ $SECONDS -gt $end ]; then
			echo "# waited $seconds s without success for: $what" >&2
			return 1
		fi
		read -rt 0.02 -u "$never"
	done
	return 0
}

# Reads a line, which is in $line then; false at the end, and when SECONDS has come to END.
# usage: read_line FD END
read_line() {
	local left=$(($2 - SECONDS))
	[ $left -gt 0 ] && IFS= read -r -t $left -u "$1" line
}

process_ended() {		# PID of a child
	! kill -0 "$1" 2>/dev/null
}

# Waits until a child has ended by itself and returns its exit status; one that does not is killed, with
# status 137. usage: wait_end WHAT SECONDS PID
wait_end() {
	wait_for "the end of $1" "$2" process_ended "$3" || kill -KILL "$3" 2>/dev/null
	wait "$3" 2>/dev/null
}

# Has a child end; kills it if it does not within 30 seconds. usage: stop_process WHAT PID
stop_process() {
	kill "$2" 2>/dev/null
	wait_end "$1" 30 "$2"
}
