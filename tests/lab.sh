# shellcheck shell=bash
# Lab pools and daemons for scripts: started, heard and ended by number. Sourced by the scenario
# runner, the valgrind test and ./bootstrap run.
#
# Set before: bin, where the programs were built.
# shellcheck disable=SC2034,SC2154 # bin is the caller's; the lab_* are set by eval

# shellcheck source=tests/wait.sh
. "${BASH_SOURCE[0]%/*}/wait.sh"

lab_pids=()

# The password is in the users file and in the credential that the watcher uses, so two pools agree on it.
# usage: lab_users FILE NAME[:PASSWORD[:disabled]]...
lab_users() {
	local file=$1 name password word
	shift
	: >"$file"
	chmod 0600 "$file"
	for word; do
		IFS=: read -r name password word <<<"$word:"
		printf 'sip:%s@lab.example,LAB\\%s,%s%s\n' "$name" "$name" \
			"${password:-$(lab_password)}" "${word:+,${word%:}}" >>"$file"
	done
}

lab_password() {
	od -An -N12 -tx1 /dev/urandom | tr -d ' \n'
}

# Starts a lab pool on ports that the kernel picks and waits until it serves. Sets lab_pid, lab_ready
# (its line), lab_fqdn, lab_sip_port, lab_https_port, lab_ca, lab_uri and lab_discovery_uri.
# With lab_orders, it takes orders from that pipe, which somebody must hold open.
# usage: lab_start DIRECTORY ARGUMENT...
lab_start() {
	local dir=$1 ready
	shift
	mkdir -p "$dir"
	rm -f "$dir/ready"
	mkfifo -m 0600 "$dir/ready"
	"$bin/cswatch-lab" --directory "$dir" --https-port 0 --sip-port 0 "$@" \
		>"$dir/ready" 2>"$dir/lab.log" <"${lab_orders:-/dev/null}" &
	lab_pid=$!
	lab_pids+=("$lab_pid")
	exec {lab_says}<"$dir/ready"
	if ! read -r -t 120 -u "$lab_says" ready; then
		echo "waited 120 s without success for cswatch-lab to serve:" >&2
		cat "$dir/lab.log" >&2
		return 1
	fi
	lab_ready=$ready
	eval "$(jq -r '@sh "lab_fqdn=\(.fqdn) lab_sip_port=\(.sip_port) lab_https_port=\(.https_port)
		lab_ca=\(.ca_file) lab_uri=\(.cert_provisioning_uri)
		lab_discovery_uri=\(.discovery_uri)"' <<<"$ready")"
}

# Ends one lab. usage: lab_stop PID
lab_stop() {
	local pid rest=()
	stop_process "cswatch-lab" "$1"
	for pid in "${lab_pids[@]}"; do
		[ "$pid" = "$1" ] || rest+=("$pid")
	done
	lab_pids=("${rest[@]}")
}

lab_stop_all() {
	while [ ${#lab_pids[@]} -gt 0 ]; do
		lab_stop "${lab_pids[0]}"
	done
}

# What a configuration needs of the users in FILE, passwords as credentials in DIRECTORY.
# usage: lab_config_users FILE DIRECTORY
lab_config_users() {
	local sip account password rest comma=
	mkdir -p "$2" && chmod 0700 "$2"
	echo 'users: ('
	while IFS=, read -r sip account password rest; do
		rest=${sip#sip:}
		(umask 077 && printf '%s\n' "$password" >"$2/${rest%@*}")
		printf '%s  { sip = "%s"; username = "%s"; secret = "%s"; }' "$comma" "$sip" \
			"${account//\\/\\\\}" "${rest%@*}"
		comma=$',\n'
	done <"$1"
	printf '\n);\n'
}

# One pool of a configuration: the lab that was started last. usage: lab_config_pool [KEY = VALUE;]...
lab_config_pool() {
	printf '  { fqdn = "%s"; address = "127.0.0.1"; registrar_port = %s; ca_file = "%s"; %s }' \
		"$lab_fqdn" "$lab_sip_port" "$lab_ca" "$*"
}
