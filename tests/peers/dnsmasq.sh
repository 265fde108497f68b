#!/usr/bin/env bash
# The registrar of a SIP domain, found by real DNS: dnsmasq serves a zone for each case, the lab is what they lead
# to. What must come of the transaction, and what its account must say of each way. Speaks TAP.
# shellcheck disable=SC2154,SC2317 # lab_start sets the lab_*; functions are called by name
set -u
# Autodiscover has fixed ports, 443 and 80: they are ours in a network of our own. Without the right to one, the
# cases that need them are skipped.
if [ -z "${own_network:-}" ] && unshare --net --map-root-user true 2>/dev/null && command -v ip >/dev/null; then
	export own_network=yes
	# shellcheck disable=SC2016 # the inner shell's own
	exec unshare --net --map-root-user bash -c 'ip link set lo up && exec bash "$0"' "$0"
fi
own_network=${own_network:-}
top=$(realpath "${top_srcdir:-$(dirname "$0")/../..}")
bin=$(realpath "${top_builddir:-.}")
# shellcheck source=tests/lab.sh
. "$top/tests/lab.sh"

PATH=$PATH:/usr/sbin
limit=60			# seconds in which something must have happened
count=0
failed=0
dns=				# the name server that runs
dns_port=0
daemon=

end_dns() {
	[ -n "$dns" ] || return 0
	stop_process dnsmasq "$dns"
	dns=
}

clean_up() {
	[ -z "$daemon" ] || stop_process cswatchd "$daemon"
	end_dns
	lab_stop_all
	rm -rf "$work"
}

give_up() {
	echo "Bail out! $*"
	sed 's/^/# dns: /' "$work/dns.log" 2>/dev/null
	exit 1
}

need() {				# PROGRAM PACKAGE
	command -v "$1" >/dev/null && return
	echo "1..0 # SKIP there is no ${1##*/} (package $2)"
	exit 0
}

# Waits for a line that matches, however many others there are; false when there is none in time or at the
# end of the file. usage: heard FD PATTERN FILE
heard() {
	local line end=$((SECONDS + limit))
	while read_line "$1" $end; do
		printf '%s\n' "$line" >>"$3"
		# shellcheck disable=SC2053 # a pattern
		[[ $line != $2 ]] || return 0
	done
	echo "# waited $limit s, or to the end, without success for: $2" >&2
	return 1
}

# Serves the zones in $work/zones, at the port where it served before if it did.
serve_dns() {
	local tries says
	end_dns
	for ((tries = 0; tries < 20; tries++)); do
		[ "$dns_port" -ne 0 ] || dns_port=$((20000 + RANDOM % 10000))
		rm -f "$work/dns.says"
		mkfifo "$work/dns.says"
		dnsmasq --keep-in-foreground --conf-file="$work/zones" --port="$dns_port" --pid-file= \
			--user= --group= --log-facility=- >"$work/dns.says" 2>&1 </dev/null &
		dns=$!
		exec {says}<"$work/dns.says"
		! heard "$says" '*started, version*' "$work/dns.log" || return 0
		end_dns
		dns_port=0
	done
	give_up "dnsmasq does not serve"
}

lab_ports=()
start_lab() {
	lab_start "$work/lab" --users "$work/users" "${lab_ports[@]}" || give_up "no lab: $(<"$work/lab/lab.log")"
	sip_port=$lab_sip_port
}

serve_zones() {
	zones >"$work/zones"
	serve_dns
}

# srv NAME TARGET PORT PRIORITY [WEIGHT]
srv() {
	printf 'srv-host=%s,%s,%s,%s,%s\n' "$1" "$2" "$3" "$4" "${5:-0}"
}

zones() {
	local i internal=_sipinternaltls._tcp external=_sip._tls
	cat <<-END
		listen-address=127.0.0.1
		bind-interfaces
		no-resolv
		no-hosts
		local=/example/
		host-record=pool01.lab.example,127.0.0.1
		cname=lyncdiscoverinternal.lab.example,pool01.lab.example
		cname=alias.lab.example,pool01.lab.example
		host-record=lyncdiscover.lab.example,127.0.0.1
		host-record=lyncdiscover.web.example,127.0.0.1
		host-record=lyncdiscover.foreign.example,127.0.0.1
		host-record=lyncdiscover.slow.example,127.0.0.2
		host-record=sipexternal.names.example,127.0.0.1
		host-record=sip.names.example,127.0.0.1
		host-record=sipinternal.first.example,127.0.0.1
		host-record=sip.first.example,127.0.0.1
		srv-host=$internal.none-of-these.example
	END
	srv $internal.lab.example pool01.lab.example "$sip_port" 10
	srv $internal.foreign.example pool01.lab.example "$sip_port" 10
	srv $internal.slow.example pool01.lab.example "$sip_port" 10
	srv $internal.both.example pool01.lab.example "$sip_port" 10
	srv $external.both.example dead.lab.example 1 1
	srv $external.outside.example pool01.lab.example "$sip_port" 10
	srv $internal.priority.example dead.lab.example 1 20
	srv $internal.priority.example pool01.lab.example "$sip_port" 10
	srv $internal.priority.example dead.lab.example 1 30
	srv $internal.weight.example dead.lab.example 1 10 0
	srv $internal.weight.example pool01.lab.example "$sip_port" 10 65535
	echo "host-record=silent.lab.example,127.0.0.2"
	srv $internal.second.example dead.lab.example 1 10
	srv $internal.second.example pool01.lab.example 1 20
	srv $internal.second.example pool01.lab.example "$sip_port" 30
	srv $internal.dead.example dead.lab.example 1 10
	srv $internal.dead.example pool01.lab.example 1 20
	srv $internal.fifth.example dead.lab.example 1 10
	srv $internal.fifth.example dead.lab.example 2 20
	srv $internal.fifth.example dead.lab.example 3 30
	srv $internal.fifth.example dead.lab.example 4 40
	srv $internal.fifth.example pool01.lab.example "$sip_port" 50
	srv $internal.false.example alias.lab.example "$sip_port" 10
	srv $internal.false.example pool01.lab.example "$sip_port" 20
	srv $internal.stalls.example silent.lab.example 443 10
	srv $internal.stalls.example pool01.lab.example "$sip_port" 20
	srv $internal.alias.example alias.lab.example "$sip_port" 10
	srv $external.none-of-these.example pool01.lab.example "$sip_port" 10
	# More than a datagram holds: the resolver has to come again over TCP.
	for ((i = 1; i <= 25; i++)); do
		srv $internal.many.example "host-$i.with-a-long-name-that-fills-the-answer.lab.example" 1 $((20 + i))
	done
	srv $internal.many.example pool01.lab.example "$sip_port" 5
}

# One case: the words of the record, then texts that record or account must have, or with ! must not have.
# usage: try NAME DOMAIN "STEP CAUSE CODE TAG [WARNINGS]" [--OPTION VALUE]... [TEXT]...
try() {
	local name=$1 domain=$2 wanted=$3 got='' said='' text wrong=() options=()
	shift 3
	printf 'LAB\\%s\n%s\n' "${domain%%.*}" "${false_password:-$password}" >"$work/credential"
	while [[ ${1:-} == --* ]]; do
		options+=("$1" "$2")
		shift 2
	done
	count=$((count + 1))
	"$bin/cswatch" test --domain "$domain" --dns-server "127.0.0.1:$dns_port" --ca-file "$lab_ca" \
		--user-sip-address "sip:${domain%%.*}@$domain" --user-credential "$work/credential" --timeout 30s \
		--format json --verbose "${options[@]}" >"$work/record" 2>"$work/account"
	{ read -r got && read -r said; } < <(jq -r '([.step // .result, .cause, .code, .diag,
		(.warnings | join(","))] | map(values | tostring) | join(" ")), .diagnosis' "$work/record" 2>&1)
	said+=$'\n'$(<"$work/account")
	[ "${got% }" = "$wanted" ] || wrong+=("wanted $wanted" "got    $got")
	for text; do
		case $text in
		!*) [[ $said != *"${text#!}"* ]] || wrong+=("said: ${text#!}") ;;
		*) [[ $said == *"$text"* ]] || wrong+=("not said: $text") ;;
		esac
	done
	verdict "$name" "${wrong[@]}"
}

# usage: verdict NAME [WHAT IS WRONG]...
verdict() {
	local name=$1
	shift
	if [ $# -eq 0 ]; then
		echo "ok $count - $name"
		return
	fi
	failed=1
	echo "not ok $count - $name"
	printf '# %s\n' "$@"
	sed 's/^/# record: /' "$work/record"
	sed 's/^/# account: /' "$work/account"
}

skip() {				# NAME
	count=$((count + 1))
	echo "ok $count - $1 # SKIP no right to a network of its own, where port 443 is free"
}

# Whether autodiscover's ports are ours; else the case is skipped.
web() {
	if [ -n "$own_network" ]; then
		try "$@"
	else
		skip "$1"
	fi
}

allow=(--allow-web-domain lab.example)

by_records() {
	try "an SRV record, inside" both.example Success "${allow[@]}" \
		"lyncdiscoverinternal.both.example has no address: Domain name not found" \
		"is pool01.lab.example:$sip_port, by _sipinternaltls._tcp" \
		"Note: that is outside the SIP domain" "!_sip._tls"
	try "an SRV record, outside" outside.example Success "${allow[@]}" \
		"_sipinternaltls._tcp.outside.example has no SRV record: Domain name not found" \
		"by _sip._tls"
	try "priorities" priority.example Success "${allow[@]}" \
		"3 SRV records, of which pool01.lab.example:$sip_port is first"
	try "weights" weight.example Success "${allow[@]}" \
		"2 SRV records, of which pool01.lab.example:$sip_port is first"
	try "the first targets are dead" second.example "Success discovery" "${allow[@]}" \
		"meet dead.lab.example:1 first, which cannot be reached" \
		"Connecting to the registrar pool01.lab.example:1" \
		"is pool01.lab.example:$sip_port, by _sipinternaltls._tcp" "!by _sip._tls"
	expect "... and are in the record" \
		"dead.lab.example:1: dns pool01.lab.example:1: connect" \
		"$(jq -r '[.discovery.tried[] | select(.method == "_sipinternaltls._tcp") |
			(.came | split(" ")[0]), .cause] | join(" ")' "$work/record")"
	try "all targets are dead" dead.example "sip-connect connect 111 REG-REFUSED discovery" "${allow[@]}" \
		"meet dead.lab.example:1 first"
	try "four targets are tried" fifth.example "resolve dns 4 DNS-NAME discovery" "${allow[@]}" \
		"dead.lab.example:4" "!Connecting"
	try "a target whose certificate is wrong is an answer" false.example \
		"sip-connect trust 62 REG-NAME" "${allow[@]}" "!first, which"
	try "an answer that comes over TCP" many.example Success "${allow[@]}" \
		"26 SRV records, of which pool01.lab.example:$sip_port is first"
	try "a record that says no" none-of-these.example Success "${allow[@]}" \
		'has the SRV target ".": there is no such service' "by _sip._tls"
	try "a registrar outside the domain gets no credentials" both.example \
		"certprov-metadata trust 0 CP-META-FOREIGN" "names the host pool01.lab.example"
	try "the certificate must be for the name that was found" alias.example \
		"sip-connect trust 62 REG-NAME" "is alias.lab.example:$sip_port"
	try "nothing is there" nothing.example "discover dns 4 DISC-NOTHING" \
		"nothing.example: lyncdiscoverinternal, lyncdiscover, _sipinternaltls._tcp, _sip._tls, sipinternal, sipexternal, sip: no such name"
	try "the name server refuses" refused.invalid-zone "discover dns 11 DISC-DNS" \
		"name servers refused or failed"
	try "a host name, inside" first.example "sip-connect connect 111 REG-REFUSED" \
		"is sipinternal.first.example:5061, by sipinternal"
}

by_autodiscover() {
	web "autodiscover, by an alias" lab.example Success \
		"Asking https://lyncdiscoverinternal.lab.example/?sipuri=lab@lab.example" \
		"Link User: https://pool01.lab.example:443/Autodiscover/" \
		"is pool01.lab.example:$sip_port, by lyncdiscoverinternal, Internal" "!SRV" "!Note:"
	web "autodiscover over http, which leads to https" web.example Success "${allow[@]}" \
		"not for lyncdiscover.web.example" \
		"Asking http://lyncdiscover.web.example/" \
		"Link Redirect: https://pool01.lab.example:443/Autodiscover/" "by lyncdiscover, Internal"
	web "autodiscover leads out of the domain" foreign.example \
		"certprov-metadata trust 0 CP-META-FOREIGN discovery" \
		"autodiscover names the host pool01.lab.example" "by _sipinternaltls._tcp" \
		"Warning: clients that look by lyncdiscover fail"
	web "a target that is silent is not waited for" stalls.example "Success discovery" "${allow[@]}" \
		"no connection to silent.lab.example:443 within 5000 ms" "is pool01.lab.example:$sip_port"
	web "host names have fixed ports, and certificates" names.example \
		"sip-connect trust 62 REG-NAME" "is sipexternal.names.example:443, by sipexternal"
	web "an autodiscover service that is silent is not waited for" slow.example \
		"Success discovery" "${allow[@]}" \
		"no answer to https://lyncdiscover.slow.example/ within 5000 ms" "by _sipinternaltls._tcp"
	false_password=not-the-password
	web "a wrong password is not tried twice" lab.example "web-ticket auth 401 WT-CRED discovery" \
		"lyncdiscoverinternal: HTTP 401 after" "!https://lyncdiscover.lab.example" \
		"by _sipinternaltls._tcp"
	false_password=
}

# What the daemon makes of it

write_config() {			# DISCOVERY-AGE
	cat <<-END
		state_directory = "$work/state"; control_socket = "$work/socket";
		dns_servers = [ "127.0.0.1:$dns_port" ];
		defaults: { every = "200ms"; retry = "200ms"; confirm = 1; };
		users: ( { sip = "sip:both@both.example"; username = "LAB\\\\both"; password = "$password"; } );
		pools: ( { domain = "both.example"; ca_file = "$lab_ca"; discovery_age = "$1";
		  allowed_web_domains = [ "lab.example" ]; } );
		tests: ( { pool = "both.example"; user = "sip:both@both.example"; } );
	END
}

# usage: until_run PATTERN: waits for a finished run whose line is like that.
until_run() {
	heard "$said" "*test.finished*$1*" "$work/log" || give_up "the daemon says nothing of $1: $(<"$work/log")"
}

# A member of what cswatch show says of the discovery.
shown() {
	"$bin/cswatch" show both.example/both --json --socket "$work/socket" >"$work/record" 2>"$work/account"
	jq -r "select(.event == \"test\") | .discovery | $1" "$work/record"
}

# usage: expect NAME WANTED GOT
expect() {
	count=$((count + 1))
	if [ "$2" = "$3" ]; then
		verdict "$1"
	else
		verdict "$1" "wanted $2" "got    $3"
	fi
}

reload() {				# DISCOVERY-AGE
	write_config "$1" >"$work/cswatch.conf"
	"$bin/cswatch" reload --socket "$work/socket" >"$work/account" 2>&1 || give_up "no reload: $(<"$work/account")"
}

by_the_daemon() {
	local looked first_lab=$lab_pid
	mkdir "$work/state"
	mkfifo "$work/said"
	write_config 1d >"$work/cswatch.conf"
	"$bin/cswatchd" -c "$work/cswatch.conf" --log stderr 2>"$work/said" </dev/null &
	daemon=$!
	exec {said}<"$work/said"
	until_run result=Success
	expect "the daemon: found" "pool01.lab.example:$sip_port _sipinternaltls._tcp" \
		"$(shown '"\(.registrar):\(.port) \(.method)"')"
	expect "... and what was tried before" \
		"https://lyncdiscoverinternal.both.example/ dns https://lyncdiscover.both.example/ dns" \
		"$(shown '[.tried[] | .asked, .cause] | join(" ")')"
	"$bin/cswatch" show both.example/both --socket "$work/socket" >"$work/record" 2>"$work/account"
	expect "... in words" "Found by     : SRV _sipinternaltls._tcp.both.example" \
		"$(grep '^Found by' "$work/record")"
	looked=$(shown .looked)
	until_run result=Success
	reload 2d
	until_run result=Success
	until_run result=Success
	expect "it is kept, by a reload too" "$looked" "$(shown .looked)"
	# The pool moves. What was found is wrong now: the run that meets that fails, the next one looks.
	# It must have met it before the name server leads to where the pool is now.
	lab_stop "$first_lab"
	until_run result=Failure
	start_lab
	serve_zones
	until_run result=Success
	expect "after a failure it is looked for again" "pool01.lab.example:$sip_port" \
		"$(shown '"\(.registrar):\(.port)"')"
	looked=$(shown .looked)
	reload 0s
	heard "$said" "*config.loaded*" "$work/log" || give_up "no reload: $(<"$work/log")"
	until_run result=Success
	until_run result=Success
	until_run result=Success
	expect "... and when it is old" yes "$([ "$looked" = "$(shown .looked)" ] || echo yes)"
	stop_process cswatchd "$daemon"
	expect "the daemon ends" 0 $?
	daemon=
}

need dnsmasq dnsmasq-base
need jq jq
need "$bin/cswatch-lab" "make"
work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 1' INT TERM
umask 077
password=$(lab_password)
false_password=
for domain in second dead fifth false stalls lab both outside priority weight many none-of-these alias web foreign slow names first; do
	printf 'sip:%s@%s.example,LAB\\%s,%s\n' $domain $domain $domain "$password"
done >"$work/users"
[ -z "$own_network" ] || {
	lab_start "$work/stalled" --users "$work/users" --listen 127.0.0.2 --sip-port 443 \
		--fault sip-connect=stall || give_up "no lab that stalls"
	lab_ports=(--https-port 443 --http-port 80)
}
start_lab
serve_zones
by_records
by_autodiscover
by_the_daemon
echo "1..$count"
exit $failed
