#!/usr/bin/env bash
# The outer TLS of both transports against OpenSSL's server.
# shellcheck disable=SC2154 # work, host, port and others are of tls-peers.sh
set -u
# shellcheck source=tests/peers/tls-peers.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/peers/tls-peers.sh"
# shellcheck source=tests/peers/tls-cases.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/peers/tls-cases.sh"
need socat socat

# -rev answers each line with the line turned around.
# shellcheck disable=SC2034 # used by tls-cases.sh
web_answer="0 CP-META-GARBLED"
serve() {
	local word cert=rsa arguments=(-rev -cipher DEFAULT@SECLEVEL=0)
	for word; do
		case $word in
		version=1.0) arguments+=(-tls1) ;;
		version=*) arguments+=("-tls${word#version=}") ;;
		cert=*) cert=${word#*=} ;;
		optional) arguments+=(-verify 1) ;;
		required) arguments+=(-Verify 1) ;;
		knows=*) arguments+=(-servername "${word#*=}" -servername_fatal
			-cert2 "$work/rsa.pem" -key2 "$work/rsa.key") ;;
		*) arguments+=("$word") ;;
		esac
	done
	arguments=("${arguments[@]/#-tls1./-tls1_}")
	start_peer openssl s_server -accept 127.0.0.1:0 -cert "$work/$cert.pem" \
		-key "$work/$cert.key" -cert_chain "$work/$cert.pem" "${arguments[@]}"
}

refusal() {
	printf '%s\n' 'tls 70 VERSION' 'refused TLS with alert 70 (protocol version)'
}

# A host of many names: only SNI gets the right certificate.
try_sni() {
	serve cert=other -servername $host -cert2 "$work/rsa.pem" -key2 "$work/rsa.key"
	try "SNI chooses the certificate" '' 'accepted 1.3'
}

try_ciphers() {
	serve version=1.2 cert=rsa -cipher ECDHE-ECDSA-AES128-GCM-SHA256
	try "no common cipher" '' 'tls 40 TLS' \
		"the registrar at $host refused TLS with alert 40 (handshake failure); no TLS version or cipher in common"
}

# As IIS does it for a directory that accepts client certificates: first the request, then another
# handshake that asks for one. s_server shows each handshake message (-msg).
handshake_again() {
	local line end=$((SECONDS + limit))
	read_request
	printf 'R\n' >&"$to_client"
	while read_line "$from_client" $end; do
		[[ $line != '>>> '*' Finished'* ]] || return 0
	done
	bail_out "the server finds no end of the second handshake"
}

try_renegotiation() {
	start_by_hand rsa -tls1_2 -msg
	start_client
	handshake_again
	printf '\r\nHTTP/1.1 200 OK\r\n\r\n' >&"$to_client"
	end_client
	verdict "the server handshakes again: registrar" "challenge protocol 0 CHAL-GARBLED" \
		'not SIP: the peer sent "HTTP/1.1 200 OK'
	start_by_hand rsa -tls1_2 -msg
	start_client --target-uri "https://$host:$port/field"
	handshake_again
	printf 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n' >&"$to_client"
	end_client
	verdict "the server handshakes again: web service" "certprov-metadata http 403 CP-META-FORBIDDEN"
}

# Killed, it cannot say goodbye: TCP ends, TLS does not.
try_cuts() {
	start_by_hand rsa -quiet
	start_client
	read_request
	end_peer KILL
	end_client
	verdict "no close_notify, instead of an answer: registrar" "challenge closed 0 CHAL-CLOSED" \
		"the registrar closed the connection"
	start_by_hand rsa -quiet
	start_client --target-uri "https://$host:$port/field"
	read_request
	end_peer KILL
	end_client
	verdict "no close_notify, instead of an answer: web service" \
		"certprov-metadata closed 0 CP-META-CLOSED" "the web service $host:$port ended the connection"
	start_by_hand rsa -quiet
	start_client --target-uri "https://$host:$port/field"
	read_request
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<wsdl' >&"$to_client"
	end_peer KILL
	end_client
	verdict "no close_notify, in the middle of an answer" \
		"certprov-metadata closed 0 CP-META-CLOSED" "the web service $host:$port ended the connection"
}

# What is no TLS server at all.
try_others() {
	start_peer socat TCP-LISTEN:0,bind=127.0.0.1,fork \
		SYSTEM:'echo 220 mail.example ESMTP; cat >/dev/null'
	try "plain text" '' 'tls 0 TLS' \
		"wrong version number; what answers there does not speak TLS: wrong port?"
	start_peer socat TCP-LISTEN:0,bind=127.0.0.1,fork SYSTEM:'head -c 5 >/dev/null'
	try "closed after the first words" '' 'closed 0 CLOSED' \
		"the registrar at $host ended the connection during the TLS handshake"
	start_peer socat TCP-LISTEN:0,bind=127.0.0.1,fork EXEC:true
	try "closed at once" '' 'closed * CLOSED' \
		"the registrar at $host ended the connection during the TLS handshake"
}

try_all
try_sni
try_ciphers
try_renegotiation
try_cuts
try_others
finish
