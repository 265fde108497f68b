#!/usr/bin/env bash
# Real HTTP authentication: Apache httpd with mod_auth_gssapi and gss-ntlmssp stands in front of a lab pool's
# web services and lets in whom it knows; cswatch test goes through it. Each case says what must come of
# the transaction, and which requests Apache must have seen. Speaks TAP.
# shellcheck disable=SC2154 # lab_start sets the lab_*
set -u
top=$(realpath "${top_srcdir:-$(dirname "$0")/../..}")
bin=$(realpath "${top_builddir:-.}")
# shellcheck source=tests/lab.sh
. "$top/tests/lab.sh"
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"

PATH=$PATH:/usr/sbin
limit=30			# seconds without a word are a failure
sites=(both negotiate kerberos open after_offer after_fourth after_challenge after_ticket never_kept
	chunked gzip http2)
modules=/usr/lib/apache2/modules
apache=

end_apache() {
	[ -n "$apache" ] || return 0
	stop_process "Apache" "$apache"
	apache=
}

clean_up() {
	end_apache
	lab_stop_all
	rm -rf "$work"
}

give_up() {
	echo "Bail out! $*"
	sed 's/^/# apache: /' "$work/apache/error" "$work/apache.log" 2>/dev/null
	exit 1
}

# usage: need FILE-OR-PROGRAM PACKAGE
need() {
	command -v "$1" >/dev/null || [ -e "$1" ] && return
	echo "1..0 # SKIP there is no ${1##*/} (package $2)"
	exit 0
}

explain() {
	sed 's/^/# account: /' "$work/account"
	tail -n 5 "$work/apache/error" | sed 's/^/# apache: /'
}

# usage: verdict_like NAME PATTERN GOT
verdict_like() {
	# shellcheck disable=SC2053 # a pattern
	if [[ $3 == $2 ]]; then
		verdict_same "$1" "$3" "$3"
	else
		verdict_same "$1" "$2" "$3"
	fi
}
# Where Apache works. Started by root it gives up its rights, and must still read who there is.
prepare() {
	mkdir -p "$work/apache/pages"
	echo 'Not authorized.' >"$work/apache/pages/refused"
	cp "$work/lab/ntlm-users" "$work/apache/ntlm-users"
	echo "LAB:dave:$password_dave" >>"$work/apache/ntlm-users"
	mkfifo "$work/apache/requests"
	export USER=www-data GROUP=www-data WORK=$work/apache MODULES=$modules
	if [ "$(id -u)" -eq 0 ]; then
		chmod 0711 "$work"
		chown -R www-data "$work/apache"
	else
		USER=$(id -un) GROUP=$(id -gn)
	fi
	chmod 0700 "$work/apache"
	export LAB=$work/lab LAB_PORT=$lab_https_port LAB_FQDN=$lab_fqdn
	export NTLM_USER_FILE=$work/apache/ntlm-users
	exec {requests}<>"$work/apache/requests"
}

apache_is_settled() {
	[ -s "$work/apache/pid" ] || process_ended "$apache"
}

# Apache cannot be told to take any free port: below those that the kernel gives away by itself there are
# hardly any in use, and it is tried again elsewhere. It serves when it has noted down its number.
start_apache() {
	local tries=20 port site
	while [ $((tries--)) -gt 0 ]; do
		port=$((10000 + RANDOM % 20000))
		for site in "${sites[@]}"; do
			export "PORT_$site=$((port++))"
		done
		apache2 -f "$top/tests/peers/apache.conf" -DFOREGROUND >"$work/apache.log" 2>&1 </dev/null &
		apache=$!
		wait_for "Apache to serve" $limit apache_is_settled
		[ ! -s "$work/apache/pid" ] || return 0
		end_apache
		grep -q 'could not bind' "$work/apache.log" || break
	done
	give_up "Apache does not start"
}

# What the last transaction asked of Apache, in the order of time: method, scheme and number of the NTLM
# message, status, how it was sent; "+" before the first of a connection. usage: asked HOW-MANY
asked() {
	local line lines=()
	while [ ${#lines[@]} -lt "$1" ] && read -r -t $limit -u "$requests" line; do
		lines+=("$line")
	done
	# More than were wanted are already there, if there are any: these are late by no round trip.
	while read -r -t 0 -u "$requests" && read -r -u "$requests" line; do
		lines+=("$line")
	done
	printf '%s\n' "${lines[@]}" | sort -n | awk '{
		text = (NR > 1 ? ", " : "") ($2 != port ? "+" : "") $4
		port = $2
		for (i = 5; i <= NF; i++)
			if ($i != "-")
				text = text " " $i
		if ($3 != "HTTP/1.1")
			text = text " " $3
		printf "%s", text
	}'
}

# One transaction through a site, as a user with a password. TEXT must be in the record or in the account.
# usage: try NAME SITE USER:PASSWORD "RESULT [STEP CAUSE CODE TAG]" "REQUEST, REQUEST..." [TEXT]...
try() {
	local name=$1 port=PORT_$2 user=${3%%:*} got text wanted=$4 commas
	(umask 077 && printf 'LAB\\%s\n%s\n' "$user" "${3#*:}" >"$work/credential")
	"$bin/cswatch" test --target-fqdn "$lab_fqdn" --address 127.0.0.1 --registrar-port "$lab_sip_port" \
		--target-uri "https://$lab_fqdn:${!port}/CertProv/CertProvisioningService.svc" \
		--ca-file "$lab_ca" --user-sip-address "sip:$user@lab.example" \
		--user-credential "$work/credential" --timeout 20s --format json --verbose \
		>"$work/record" 2>"$work/account"
	got=$(jq -r '[.result, .step // "", .cause // "", (.code // "" | tostring), .diag // ""] |
		join(" ")' "$work/record")
	got=${got%"${got##*[! ]}"}
	for text in "${@:6}"; do
		grep -qF -- "$text" "$work/record" "$work/account" || got+=", not said: $text"
	done
	verdict_like "$name" "$wanted" "$got"
	commas=${5//[!,]/}
	verdict_like "$name: requests" "$5" "$(asked $((${#commas} + 1)))"
}

# What a client is offered that asks for HTTP/2 itself.
offered_by_alpn() {
	timeout $limit openssl s_client -connect "127.0.0.1:$1" -servername "$lab_fqdn" -CAfile "$lab_ca" -alpn h2,http/1.1 \
		</dev/null 2>/dev/null | sed -n 's/^ALPN protocol: //p'
}

need "$bin/cswatch-lab" cswatch
need jq jq
need apache2 apache2-bin
need $modules/mod_auth_gssapi.so libapache2-mod-auth-gssapi
compgen -G '/etc/gss/mech.d/*ntlmssp*' >/dev/null || need /etc/gss/mech.d/mech.ntlmssp.conf gss-ntlmssp
work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 1' INT TERM

password_alice=$(lab_password)
password_bob=$(lab_password)
password_dave=$(lab_password)
lab_users "$work/users" "alice:$password_alice" "bob:$password_bob:disabled"
lab_start "$work/lab" --users "$work/users" --trust-front-end X-Remote-User || give_up "no lab"
prepare
start_apache
echo 1..36

mex='+GET 200, GET 200'
failure='Failure web-ticket'
alice=alice:$password_alice

try "NTLM in several legs" both "$alice" Success \
	"$mex, POST 401, POST NTLM-1 401, POST NTLM-3 200, POST 200" "3 HTTP legs"
try "Negotiate carries NTLM" negotiate "$alice" Success \
	"$mex, POST 401, POST Negotiate-1 401, POST Negotiate-3 200, POST 200"
try "the password is wrong" both alice:wrong "$failure auth 401 WT-CRED" \
	"$mex, POST 401, POST NTLM-1 401, POST NTLM-3 401" 'HTTP 401 after NTLM as LAB'
try "the password is wrong in Negotiate" negotiate alice:wrong "$failure auth 401 WT-CRED" \
	"$mex, POST 401, POST Negotiate-1 401, POST Negotiate-3 401" 'HTTP 401 after Negotiate as LAB'
try "nobody has that name" both erin:wrong "$failure auth 401 WT-CRED" \
	"$mex, POST 401, POST NTLM-1 401, POST NTLM-3 401"
try "the pool does not know who has authenticated" both "dave:$password_dave" \
	"$failure disabled 403 WT-DISABLED" "$mex, POST 401, POST NTLM-1 401, POST NTLM-3 403" \
	"User is not SIP enabled."
try "the user is not enabled" both "bob:$password_bob" "$failure disabled 403 WT-DISABLED" \
	"$mex, POST 401, POST NTLM-1 401, POST NTLM-3 403" "User is not SIP enabled."
try "Negotiate without NTLM" kerberos "$alice" "$failure not-offered 401 WT-SCHEME" \
	"$mex, POST 401, POST 401" "offers Negotiate, but answers NTLM in it with HTTP 401 and no challenge"
try "nobody authenticates" open "$alice" "$failure not-offered 401 WT-SCHEME" "$mex, POST 401" \
	"offers nothing, not NTLM"
try "the connection ends after the offer" after_offer "$alice" Success \
	"$mex, POST 401, +POST NTLM-1 401, POST NTLM-3 200, POST 200"
try "the connection ends between challenge and proof" after_fourth "$alice" Success \
	"$mex, POST 401, POST NTLM-1 401, +POST NTLM-3 401, POST NTLM-1 401, POST NTLM-3 200, POST 200" \
	"5 HTTP legs"
try "the connection ends after each challenge" after_challenge "$alice" "$failure closed 0 WT-CLOSED" \
	"$mex, POST 401, POST NTLM-1 401, +POST NTLM-3 401, POST NTLM-1 401, +POST NTLM-3 401" \
	"ends the connection between the legs of NTLM authentication"
try "the connection ends after the ticket" after_ticket "$alice" Success \
	"$mex, POST 401, POST NTLM-1 401, POST NTLM-3 200, +POST 200"
try "the connection ends after each answer" never_kept "$alice" "$failure closed 0 WT-CLOSED" \
	"+GET 200, +GET 200, +POST 401, +POST NTLM-1 401, +POST NTLM-3 401, +POST NTLM-1 401, +POST NTLM-3 401"
try "answers in chunks" chunked "$alice" Success "${mex//200/200 chunked}, POST 401, POST NTLM-1 401, \
POST NTLM-3 200 chunked, POST 200 chunked"
try "answers compressed" gzip "$alice" Success "${mex//200/200*gzip}, POST 401, POST NTLM-1 401, \
POST NTLM-3 200*gzip, POST 200*gzip"
verdict_like "HTTP/2 is offered" h2 "$(offered_by_alpn "$PORT_http2")"
try "HTTP/1.1 where HTTP/2 is offered" http2 "$alice" Success \
	"$mex, POST 401, POST NTLM-1 401, POST NTLM-3 200, POST 200"
"$bin/cswatch-lab" --directory "$work/open" --listen 0.0.0.0 --trust-front-end X-Remote-User \
	>"$work/record" 2>"$work/account" </dev/null
verdict_like "a pool that others reach trusts nobody" 1 $?
end_apache
exit $failed
