# shellcheck shell=bash
# What every TLS server must show, whoever wrote it. Sourced by tests/peers/tls-openssl.sh and
# tests/peers/tls-gnutls.sh, which define before:
#
#   serve [WORD]...   starts the server (start_peer). Words: version=1.0 to 1.3 (only that one),
#                     cert=NAME (its key too), optional or required (a client certificate),
#                     knows=NAME (refuses any other in SNI)
#   web_answer        what a provisioning service that answers like it is told: "CODE TAG"
#   refusal MIN       what it says to a client that demands more: WANTED and a text, two lines
#
# The server answers requests with something that is neither SIP nor what a provisioning service
# says, so that cswatch test ends there: what it got so far says how TLS went.
# shellcheck disable=SC2154 # work, host and port are of tls-peers.sh, web_answer of those who source this

make_certificates() {
	make_key ecdsa ecdsa
	make_cert ecdsa root $host
	make_key issuing ecdsa
	make_cert issuing root 'Field Issuing' ca
	make_cert alone issuing $host key=ecdsa
	make_cert chained issuing $host key=ecdsa
	cat "$work/issuing.pem" >>"$work/chained.pem"
	make_cert expired root $host key=rsa from=2020-01-01 until=2024-01-01
	make_cert future root $host key=rsa from=2100-01-01 until=2101-01-01
	make_cert other root other key=rsa san=DNS:other.lab.example
	make_cert sha1 root $host key=rsa md=sha1
	make_key weak weak
	make_cert weak root $host
	make_cert self self $host key=rsa
	make_key stranger ecdsa
	make_cert stranger stranger Stranger ca
	make_cert unknown stranger $host key=rsa
}

# The same server as registrar and as web service. WANTED is "accepted VERSION" or "CAUSE CODE TAG" of a
# failed handshake. usage: try NAME "OPTION..." "WANTED" [TEXT]...
try() {
	local name=$1 options wanted=$3 version warning=''
	read -ra options <<<"$2"
	shift 3
	[[ "${options[*]}" != *--legacy-tls* && $wanted != *1.[01] ]] || warning=' legacy-tls'
	version=${wanted#accepted } version=${version%.0}
	run_client "${options[@]}"
	case $wanted in
	accepted*)
		verdict "$name: registrar" "challenge protocol 0 CHAL-GARBLED$warning" \
			"Connected to 127.0.0.1:$port, TLSv$version, certificate CN=" "$@" ;;
	*)
		verdict "$name: registrar" "sip-connect ${wanted% *} REG-${wanted##* }" "$@" ;;
	esac
	run_client --target-uri "https://$host:$port/field" "${options[@]}"
	case $wanted in
	accepted*)
		verdict "$name: web service" \
			"certprov-metadata protocol $web_answer$warning" ;;
	*)
		verdict "$name: web service" "certprov-metadata ${wanted% *} CP-META-${wanted##* }" \
			"${@//registrar/web service}" ;;
	esac
}

# tls_min is the floor, legacy_tls does not move it; both show when old TLS is in use.
try_versions() {
	local version min cert legacy answer with_legacy
	for cert in rsa ecdsa; do
		with_legacy=${cert#ecdsa}	# once is enough
		for version in 1.0 1.1 1.2 1.3; do
			serve version=$version cert=$cert
			for min in 1.0 1.1 1.2 1.3; do
				answer=("accepted $version")
				[[ ! $version < $min ]] || mapfile -t answer < <(refusal "$min")
				for legacy in '' ${with_legacy:+" --legacy-tls"}; do
					try "TLS $version, $cert, --tls-min $min$legacy" \
						"--tls-min $min$legacy" "${answer[@]}"
				done
			done
		done
	done
}

try_certificates() {
	local is="the registrar's certificate (CN=$host, for $host)"
	serve cert=chained
	try "intermediate sent" '' 'accepted 1.3'
	serve cert=alone
	try "intermediate missing" '' 'trust 20 TRUST' \
		"$is is issued by CN=Field Issuing, which neither the server sent nor ca_file has" \
		"have the server send its intermediate certificates"
	serve cert=unknown
	try "unknown CA" '' 'trust 20 TRUST' "$is is issued by CN=Stranger"
	serve cert=self
	try "self-signed" '' 'trust 18 TRUST' "$is is self-signed"
	serve cert=expired
	try "expired" '' 'trust 10 EXPIRED' "$is ended on 2024-01-01"
	try "expired, legacy" --legacy-tls 'trust 10 EXPIRED'
	serve cert=future
	try "not yet valid" '' 'trust 9 NOT-YET' "$is begins only on 2100-01-01"
	serve cert=other
	try "wrong name" '' 'trust 62 NAME' \
		"the registrar's certificate (CN=other) is for other.lab.example, not for $host"
	try "wrong name, legacy" --legacy-tls 'trust 62 NAME'
	serve cert=sha1
	try "SHA-1" '' 'trust 68 WEAK-HASH' \
		"$is is too weak: it is signed with an old digest such as SHA-1"
	try "SHA-1, --tls-min 1.0" '--tls-min 1.0' 'trust 68 WEAK-HASH'
	try "SHA-1, legacy" --legacy-tls 'accepted 1.3'
	serve cert=weak
	try "1024 bits" '' 'trust 66 WEAK-KEY' "$is is too weak: its key is too short"
	try "1024 bits, --tls-min 1.0" '--tls-min 1.0' 'trust 66 WEAK-KEY'
	try "1024 bits, legacy" --legacy-tls 'accepted 1.3'
}

# Nobody has a certificate at that point; whoever insists on one ends the connection.
try_client_certificates() {
	local demands="demands a client certificate in TLS"
	serve version=1.2 optional
	try "client certificate welcome, TLS 1.2" '' 'accepted 1.2'
	serve version=1.3 optional
	try "client certificate welcome, TLS 1.3" '' 'accepted 1.3'
	serve version=1.2 required
	try "client certificate demanded, TLS 1.2" '' 'tls 116 CLIENT-CERT' "$demands"
	# TLS 1.3 lets the client go on before it tells. How far is a matter of speed, and whether the alert
	# is still there to be read when more comes from the client than the server wants.
	serve version=1.3 required
	run_client
	verdict "client certificate demanded, TLS 1.3: registrar" \
		"@(sip-connect tls 116 REG|challenge tls 116 CHAL)-CLIENT-CERT" "$demands" "alert 116 (certificate required)"
	run_client --target-uri "https://$host:$port/field"
	verdict "client certificate demanded, TLS 1.3: web service" \
		"certprov-metadata @(tls 116 CP-META-CLIENT-CERT|closed 0 CP-META-CLOSED)" \
		"client certificate"
}

try_names() {
	serve knows=$host
	try "SNI names a host that the server knows" '' 'accepted 1.3'
	serve knows=other.lab.example
	try "SNI names a host that the server does not know" '' 'tls 112 TLS' \
		"alert 112 (unrecognized name); the server does not know this host name"
}

try_all() {
	make_certificates
	try_versions
	try_certificates
	try_client_certificates
	try_names
}
