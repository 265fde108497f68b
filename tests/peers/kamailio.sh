#!/usr/bin/env bash
# The way to the registrar, up to its challenge, against Kamailio.
# shellcheck disable=SC2154 # work, host, port and others are of tls-peers.sh
set -u
# shellcheck source=tests/peers/tls-peers.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/peers/tls-peers.sh"
here=${top_srcdir:-$(dirname "$0")/../..}/tests/peers
need kamailio kamailio
if [ -z "$(find /usr/lib* -path '*/kamailio/modules/tls.so' 2>/dev/null)" ]; then
	echo "1..0 # SKIP there is no tls.so of Kamailio (package kamailio-tls-modules)"
	exit 0
fi

# It wants to be told its port: one that the kernel gave to somebody else, who has left it again.
# usage: serve DEMAND (a client certificate: 0 or 1)
serve() {
	local tries
	for ((tries = 0; tries < 10; tries++)); do
		start_peer openssl s_server -accept 127.0.0.1:0 -cert "$work/rsa.pem" \
			-key "$work/rsa.key"
		end_peer
		sed "s|@PORT@|$port|g; s|@HOST@|$host|g; s|@WORK@|$work|g; s|@DEMAND@|$1|g" \
			"$here/kamailio.cfg" >"$work/kamailio.cfg"
		kamailio -f "$work/kamailio.cfg" -DD -E -m 16 -M 4 -w "$work" -Y "$work" \
			-P "$work/kamailio.pid" >"$work/peer.log" 2>&1 </dev/null &
		peer=$!
		! find_port || return 0
	done
	bail_out "Kamailio does not listen"
}

# usage: try NAME USER "WANTED" [TEXT]...
try() {
	run_client --user-sip-address "sip:$2@lab.example"
	verdict "$1" "$3" "${@:4}"
}

serve 0
try "a Digest challenge" digest "challenge not-offered 401 CHAL-SCHEME" \
	"Registrar is Kamailio, as others deploy it" "the registrar offers Digest, but not TLS-DSK"
try "a Digest challenge of a proxy" proxy "challenge not-offered 407 CHAL-SCHEME" \
	"the registrar offers Digest, but not TLS-DSK"
try "no challenge: our REGISTER passes its checks and is stored" open \
	"challenge not-offered 200 CHAL-SCHEME" \
	"the registrar let us in without asking for any authentication"
try "TLS-DSK among others" lync "certprov-metadata connect 111 CP-META-REFUSED" \
	"TLS-DSK offered by $host, version 4, certificates from https://$host:1/CertProv/"
try "a redirect that never ends" moved "challenge redirect 302 CHAL-REDIRECT redirect" \
	"redirected more than 3 times, last to $host:$port"
try "403" forbidden "challenge sip 403 CHAL-FORBIDDEN" "got 403 Not here"
try "404" unknown "challenge disabled 404 CHAL-DISABLED" "got 404 Who is that"
try "503" busy "challenge sip 503 CHAL-DOWN" "got 503 Try again later"
try "closed instead of an answer" silent "challenge closed 0 CHAL-CLOSED" \
	"the registrar closed the connection"
serve 1
try "a client certificate demanded" digest \
	"@(sip-connect tls 116 REG|challenge tls 116 CHAL)-CLIENT-CERT" \
	"demands a client certificate in TLS"
finish
