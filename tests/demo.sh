# shellcheck shell=bash
# ./bootstrap run: two lab pools, a daemon that probes them every five seconds, and what it finds.
# Sourced by bootstrap, whose say() and fail() it uses.
# shellcheck disable=SC2154 # top and build are bootstrap's
# shellcheck source=tests/lab.sh
. "$top/tests/lab.sh"

bin=$build
demo_pools=(pool01.lab.example pool02.lab.example)
demo_users=(alice bob carol)
demo_shown=0
demo_lines=0
daemon=

# Ends what this script started, by number; the daemon first, so that it can log its users off.
demo_end() {
	trap '' INT TERM
	if [ -n "$daemon" ]; then
		stop_process cswatchd "$daemon"
		daemon=
	fi
	lab_stop_all
	# What stays is what an operator would look at; keys and passwords do not.
	rm -rf "$work/users" "$work/credentials" "$work/state/keys" "${demo_pools[@]/#/$work/}"
}

demo_config() {
	local fqdn comma=
	echo 'state_directory = "'"$work"'/state";'
	# The name of a socket has a limit.
	[ ${#work} -gt 90 ] || echo "control_socket = \"$work/control.sock\";"
	[ ${#work} -le 90 ] || echo 'control_socket = "";'
	echo 'defaults: { every = "5s"; timeout = "20s"; };'
	lab_config_users "$work/users" "$work/credentials"
	echo 'pools: ('
	for fqdn in "${demo_pools[@]}"; do
		printf '%s' "$comma"
		cat "$work/$fqdn/pool"
		comma=$',\n'
	done
	printf '\n);\ntests: ( { pools = ["%s", "%s"];\n' "${demo_pools[@]}"
	printf '  users = ["sip:%s@lab.example", "sip:%s@lab.example", "sip:%s@lab.example"]; } );\n' \
		"${demo_users[@]}"
}

demo_start() {
	local fqdn
	mkdir -p "$work/state"
	lab_users "$work/users" "${demo_users[@]}"
	for fqdn in "${demo_pools[@]}"; do
		say "  lab pool $fqdn: making its keys and certificates"
		lab_start "$work/$fqdn" --fqdn "$fqdn" --users "$work/users" || return 1
		lab_config_pool >"$work/$fqdn/pool"
		say "  lab pool $fqdn: SIP on port $lab_sip_port, HTTPS on port $lab_https_port"
	done
	demo_config >"$work/cswatch.conf"
	say "  cswatchd: ${#demo_pools[@]} pools x ${#demo_users[@]} users, each every 5 s"
	export CREDENTIALS_DIRECTORY=$work/credentials
	"$bin/cswatchd" -c "$work/cswatch.conf" --check || return 1
	: >"$work/log"
	"$bin/cswatchd" -c "$work/cswatch.conf" --log stderr 2>>"$work/log" </dev/null &
	daemon=$!
}

# The log lines that came since the last time.
demo_news() {
	local lines=()
	mapfile -t -s "$demo_lines" lines <"$work/log"
	demo_lines=$((demo_lines + ${#lines[@]}))
	[ ${#lines[@]} -eq 0 ] || printf '%s\n' "${lines[@]}"
}

demo_table() {
	[ ! -s "$work/state/state.json" ] ||
		"$bin/cswatch" status --state-file "$work/state/state.json" | cut -c1-"${columns:-120}"
}

# On a terminal the table is drawn over itself, with the last log lines below it.
demo_redraw() {
	local table
	columns=$(tput cols 2>/dev/null || echo 80)
	table=$(demo_table
		echo
		tail -n 8 "$work/log" | cut -c1-"$columns")
	[ $demo_shown -eq 0 ] || printf '\033[%dA\033[J' "$demo_shown"
	printf '%s\n' "$table"
	demo_shown=$(wc -l <<<"$table")
}

demo_watch() {			# SECONDS, or empty for ever
	local began=$SECONDS
	while [ -z "$stop" ] && { [ -z "$1" ] || [ $((SECONDS - began)) -lt "$1" ]; }; do
		if ! kill -0 "$daemon" 2>/dev/null; then
			say "cswatchd has ended by itself:"
			tail -n 20 "$work/log"
			return 1
		fi
		if [ -t 1 ]; then
			demo_redraw
		else
			demo_news
		fi
		read -rt 1 -u "$never"
	done
	return 0
}

# 0 only if every test has succeeded and none has failed, as the state file tells it.
demo_verdict() {
	local want=$((${#demo_pools[@]} * ${#demo_users[@]}))
	jq -e --argjson want "$want" '.tests | length == $want and
		all(.[]; .runs > 0 and .failed_runs == 0 and .last.result == "Success")' \
		"$work/state/state.json" >/dev/null
}

demo() {
	local status=0
	work=$build/run
	stop=
	exec {lock}>"$build/run.lock"
	flock -n "$lock" || fail "another ./bootstrap run is using build/run"
	rm -rf "$work"
	mkdir -m 0700 "$work" || exit 1
	trap demo_end EXIT
	trap 'stop=yes' INT TERM
	say "Starting, in ${work#"$top"/}:"
	demo_start || exit 1
	say "Running${1:+ for $1 s}; Ctrl-C ends it. The log is ${work#"$top"/}/log"
	echo
	demo_watch "$1" || status=1
	demo_end
	[ -t 1 ] && echo
	say "Stopped. The last lines of the log:"
	tail -n 12 "$work/log" | sed 's/^/  /'
	echo
	demo_table
	echo
	say "State file: $work/state/state.json"
	if demo_verdict; then
		say "Every test succeeded, none failed."
	else
		say "Not every test succeeded."
		status=1
	fi
	exit $status
}
