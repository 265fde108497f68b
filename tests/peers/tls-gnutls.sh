#!/usr/bin/env bash
# The outer TLS of both transports against GnuTLS's server.
# shellcheck disable=SC2154 # work, host, port and others are of tls-peers.sh
set -u
# gnutls-serv listens on every address that there is; in a network of its own there is only loopback.
if [ -z "${own_network:-}" ]; then
	if unshare --net --map-root-user true 2>/dev/null && command -v ip >/dev/null; then
		export own_network=yes
		# shellcheck disable=SC2016 # the inner shell's own
		exec unshare --net --map-root-user bash -c 'ip link set lo up && exec bash "$0"' "$0"
	fi
	echo "1..0 # SKIP gnutls-serv: no right to a network of its own, which keeps it on loopback"
	exit 0
fi
# shellcheck source=tests/peers/tls-peers.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/peers/tls-peers.sh"
# shellcheck source=tests/peers/tls-cases.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/peers/tls-cases.sh"
need gnutls-serv gnutls-bin

# It answers everything with a web page.
# shellcheck disable=SC2034 # used by tls-cases.sh
web_answer="2 CP-META-PAGE"
serve() {
	local word cert=rsa priority=NORMAL asks=-a arguments=()
	for word; do
		case $word in
		version=*) priority+=:-VERS-ALL:+VERS-TLS${word#version=} ;;
		cert=*) cert=${word#*=} ;;
		optional) asks= ;;
		required) asks=-r ;;
		knows=*) arguments+=(--sni-hostname="${word#*=}" --sni-hostname-fatal) ;;
		%*) priority+=:$word ;;
		esac
	done
	start_peer gnutls-serv -p 0 ${asks:+"$asks"} --priority "$priority" \
		--x509certfile "$work/$cert.pem" --x509keyfile "$work/$cert.key" "${arguments[@]}"
}

# It looks for a cipher first, and those of TLS 1.3 are of no other version.
refusal() {
	if [ "$1" = 1.3 ]; then
		printf '%s\n' 'tls 40 TLS' 'no TLS version or cipher in common: see tls_min'
	else
		printf '%s\n' 'tls 70 VERSION' 'unsupported protocol'
	fi
}

# Old Windows has no RFC 5746.
try_old_renegotiation() {
	serve version=1.2 %DISABLE_SAFE_RENEGOTIATION
	try "no secure renegotiation" '' 'tls 40 TLS' \
		"unsafe legacy renegotiation disabled; if the server is that old, set legacy_tls"
	try "no secure renegotiation, legacy" --legacy-tls 'accepted 1.2'
}

try_all
try_old_renegotiation
finish
