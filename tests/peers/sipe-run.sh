# shellcheck shell=bash
# A real Lync client, pidgin-sipe, against a lab pool: started, heard and ended by number. Sourced by
# the tests in tests/peers.
#
# Set before: top, bin and work; tests/lab.sh has been read.
# shellcheck disable=SC2154,SC2034,SC2120 # these, what lab_start sets, and what is for the tests

peers=$top/tests/peers
sipe_limit=60			# seconds in which something must have happened
sipe=
follower=

# It must find nothing of its user's: no settings, no session bus, no Kerberos.
# usage: sipe_client ARGUMENT...
sipe_client() {
	exec env -i PATH="$PATH" HOME="$work" LC_ALL=C KRB5_CONFIG="$work/krb5.conf" \
		DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent \
		LD_PRELOAD="$bin/tests/peers/libxml2-sax1.so" \
		"$bin/tests/peers/sipe-client" --directory "$work/purple" "$@"
}

# Prints why not. Otherwise false, and what it is in $work/sipe.version.
sipe_missing() {
	if ! command -v jq >/dev/null; then
		echo "there is no jq"
	elif [ ! -x "$bin/cswatch-lab" ]; then
		echo "there is no cswatch-lab"
	elif [ ! -x "$bin/tests/peers/sipe-client" ]; then
		echo "libpurple-dev is not installed"
	else
		printf '[libdefaults]\n dns_lookup_kdc = false\n dns_lookup_realm = false\n' \
			>"$work/krb5.conf"
		(sipe_client --version) >"$work/sipe.version" 2>"$work/sipe.log" && return 1
		echo "pidgin-sipe is not installed"
	fi
}

# A lab pool with an empty transcript, and the client's trust in it. The transcript can be waited on
# with sipe_await. usage: sipe_lab DIRECTORY ARGUMENT...
sipe_lab() {
	local dir=$1 trusted=$work/purple/certificates/x509/tls_peers
	transcript=$work/transcript
	rm -rf "$work/purple" "$transcript"
	lab_start "$@" --transcript "$transcript" || return 1
	mkdir -p "$trusted"
	openssl x509 -in "$dir/pki/server.pem" -out "$trusted/localhost"
	exec {following}< <(exec tail -n +1 -f "$transcript")
	follower=$!
}

sipe_lab_stop() {
	kill "$follower" 2>/dev/null
	exec {following}<&-
	lab_stop_all
}

# Waits until the lab's transcript has a line that matches PATTERN; lines before it are passed over.
sipe_await() {
	local line end=$((SECONDS + sipe_limit))
	while read_line "$following" $end; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $line != $1 ]] || return 0
	done
	return 1
}

# Starts the client. usage: sipe_start NAME PASSWORD
sipe_start() {
	(umask 077 && printf 'LAB\\%s\n%s\n' "$1" "$2" >"$work/sipe.credential")
	rm -f "$work/says" "$work/hears"
	mkfifo "$work/says" "$work/hears"
	sipe_client --address "$1@lab.example" --server "localhost:$lab_sip_port" \
		--user-credential "$work/sipe.credential" \
		<"$work/hears" >"$work/says" 2>"$work/sipe.log" &
	sipe=$!
	exec {sipe_hears}>"$work/hears" {sipe_says}<"$work/says"
	sipe_events=
}

# Waits for an event; without one, until the client ends. Events are collected in sipe_events.
# usage: sipe_hear [EVENT]
sipe_hear() {
	local line end=$((SECONDS + sipe_limit))
	while read_line "$sipe_says" $end; do
		sipe_events+=${sipe_events:+, }$line
		[ $# -eq 0 ] || [[ $line != "$1"* ]] || return 0
	done
	[ $# -eq 0 ]
}

# Lets it sign out, hears it to its end. Sets sipe_status.
sipe_end() {
	exec {sipe_hears}>&-
	sipe_hear
	exec {sipe_says}<&-
	wait_end "the client" $sipe_limit "$sipe"
	sipe_status=$?
	sipe=
}

sipe_clean_up() {
	[ -z "$sipe" ] || kill "$sipe" 2>/dev/null
	[ -z "$follower" ] || kill "$follower" 2>/dev/null
	lab_stop_all
}

# Asks the transcript. usage: ask FILTER [JQ-ARGUMENT]...; see transcript.jq and normal.jq
ask() {
	local filter=$1
	shift
	jq -rs -L "$peers" "$@" 'include "transcript"; include "normal"; '"$filter" "$transcript"
}

# The TLS records in base64 on standard input, a line each.
tls_records() {
	base64 -d | od -An -v -tx1 | awk -f "$peers/tls-records.awk"
}
