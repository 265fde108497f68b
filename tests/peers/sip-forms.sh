#!/usr/bin/env bash
# The registrar's challenge in every form that SIP allows, said by this script through OpenSSL's server.
# shellcheck disable=SC2154 # work, host, head and others are of tls-peers.sh
set -u
# shellcheck source=tests/peers/tls-peers.sh
. "${top_srcdir:-$(dirname "$0")/../..}/tests/peers/tls-peers.sh"

# Where certificates are issued: nobody listens there, so that cswatch test ends as soon as it has
# understood the challenge, and tells what it understood.
url=https://$host:1/CertProv/CertProvisioningService.svc
about="realm=\"SIP Communications Service\", targetname=\"$host\", version=4"
tls_dsk="TLS-DSK $about, sts-uri=\"$url\""

# Appends lines to what is said next.
say() {
	printf '%s\r\n' "$@" >>"$work/answer"
}

# What every answer repeats of the request.
echoes() {
	say "Via: ${head[Via]}" "From: ${head[From]}" "To: ${head[To]};tag=field" \
		"Call-ID: ${head[Call-ID]}" "CSeq: ${head[CSeq]}"
}

unauthorized() {		# HEADER...
	say 'SIP/2.0 401 Unauthorized'
	echoes
	say 'Date: '"$(date -u '+%a, %d %b %Y %H:%M:%S GMT')" 'Server: RTC/6.0' "$@" 'Content-Length: 0' ''
}

# One message with a body that looks like another one. usage: notify
notify() {
	local body=$'SIP/2.0 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'
	say "NOTIFY sip:alice@lab.example SIP/2.0" 'Via: SIP/2.0/TLS 192.0.2.1;branch=z9hG4bKn1' \
		'From: <sip:alice@lab.example>;tag=n' 'To: <sip:alice@lab.example>;tag=m' \
		"Call-ID: ${head[Call-ID]}" 'CSeq: 1 NOTIFY' "Content-Length: ${#body}" ''
	printf '%s' "$body" >>"$work/answer"
}

# An answer to somebody else's REGISTER, and a provisional one to ours.
others() {
	say 'SIP/2.0 200 OK' "Via: ${head[Via]}" "From: ${head[From]}" "To: ${head[To]};tag=x" \
		'Call-ID: somebody-else' "CSeq: ${head[CSeq]}" 'Content-Length: 0' ''
	say 'SIP/2.0 200 OK' "Via: ${head[Via]}" "From: ${head[From]}" "To: ${head[To]};tag=x" \
		"Call-ID: ${head[Call-ID]}" 'CSeq: 4711 REGISTER' 'Content-Length: 0' ''
}

trying() {
	say 'SIP/2.0 100 Trying'
	echoes
	say 'Content-Length: 0' ''
}

# The forms: each appends an answer.

plain() { unauthorized "WWW-Authenticate: $tls_dsk"; }

folded() {
	say 'SIP/2.0 401 Unauthorized' "Via: ${head[Via]%%;*}" "	;${head[Via]#*;}" "From:" \
		" ${head[From]}" "To: ${head[To]}" '   ;tag=field' "Call-ID:	${head[Call-ID]}" \
		'CSeq: 1' '	REGISTER' 'WWW-Authenticate: TLS-DSK' \
		' realm="SIP Communications Service",' "	targetname=\"$host\"," \
		' 	 version' ' =4 ,' "   sts-uri=\"$url\"" 'Content-Length:' ' 0' ''
}

compact() {
	say 'SIP/2.0 401 Unauthorized' "v: ${head[Via]}" "f: ${head[From]}" "t: ${head[To]};tag=field" \
		"i: ${head[Call-ID]}" "CSeq: ${head[CSeq]}" "WWW-Authenticate: $tls_dsk" \
		'c: text/plain' 'l: 4' ''
	printf 'body' >>"$work/answer"
}

one_header() {
	unauthorized "WWW-Authenticate: NTLM $about, Kerberos ${about/$host/sip\/$host}, $tls_dsk"
}

one_header_first() { unauthorized "WWW-Authenticate: $tls_dsk,NTLM $about,Digest nonce=\"a,b\""; }

many_headers() {
	unauthorized "WWW-Authenticate: NTLM $about" "WWW-Authenticate: Kerberos $about" \
		'WWW-Authenticate: Digest realm="TLS-DSK", nonce="TLS-DSK targetname=x", qop="auth"' \
		"WWW-Authenticate: $tls_dsk"
}

upper_case() {
	say 'SIP/2.0 401 UNAUTHORIZED' "VIA: ${head[Via]}" "FROM: ${head[From]}" \
		"TO: ${head[To]};TAG=field" "CALL-ID: ${head[Call-ID]}" "CSEQ: ${head[CSeq]}" \
		"WWW-AUTHENTICATE: tls-dsk REALM=\"SIP Communications Service\", TARGETNAME=\"$host\", VERSION=4, STS-URI=\"$url\"" \
		'CONTENT-LENGTH: 0' ''
}

lower_case() {
	say 'SIP/2.0 401 unauthorized' "via: ${head[Via]}" "from: ${head[From]}" \
		"to: ${head[To]};tag=field" "call-id: ${head[Call-ID]}" "cseq: ${head[CSeq]}" \
		"www-authenticate: $tls_dsk" 'content-length: 0' ''
}

blanks() {
	say 'SIP/2.0 401 ' "Via  :  ${head[Via]}" "From:${head[From]}" "To	: ${head[To]} ; tag=field" \
		"Call-ID :	${head[Call-ID]}	" 'CSeq :  1 	 REGISTER ' \
		"WWW-Authenticate :  TLS-DSK  realm = \"SIP, Communications = Service\" ,targetname= \"$host\",version	=	\"4\" , sts-uri =\"$url\" " \
		'Content-Length :  0  ' ''
}

unknown_parameters() {
	unauthorized "WWW-Authenticate: TLS-DSK opaque-data=\"a \\\"quoted\\\", one\", gssapi-data=\"\", $about, x=y, sts-uri=\"$url\", z"
}

proxy() {
	say 'SIP/2.0 407 Proxy Authentication Required'
	echoes
	say "Proxy-Authenticate: NTLM $about" "Proxy-Authenticate: $tls_dsk" 'Content-Length: 0' ''
}

keep_alives() {
	printf '\r\n\r\n\r\n' >>"$work/answer"
	trying
	printf '\r\n\r\n' >>"$work/answer"
	plain
	printf '\r\n\r\n' >>"$work/answer"
}

trying_first() { trying; plain; }

notify_first() { notify; plain; }

many_messages() { notify; trying; others; trying; notify; plain; notify; }

# More than 512 octets for each header, so that every record (-max_send_frag) ends within one.
long() {
	local filler
	printf -v filler '%0700d' 0
	unauthorized "X-Filler: $filler" "WWW-Authenticate: NTLM $about, opaque=\"$filler\"" \
		"WWW-Authenticate: $tls_dsk, opaque=\"$filler\"" "X-Filler: $filler"
}

# usage: try NAME FORM [ARGUMENT-OF-THE-SERVER]...
try() {
	local name=$1 form=$2
	shift 2
	start_by_hand rsa -quiet "$@"
	printf '\r\n\r\n' >&"$to_client"	# a keep-alive waits for the client already
	start_client
	read_request
	: >"$work/answer"
	$form
	# All of it in one write, and so, as long as it fits, in one record.
	cat "$work/answer" >&"$to_client"
	end_client
	verdict "$name" "certprov-metadata connect 111 CP-META-REFUSED" \
		"TLS-DSK offered by $host, version 4, certificates from $url" \
		"no connection to the web service $host:1: Connection refused"
}

try "as Lync writes it" plain
try "header folding" folded
try "compact forms" compact
try "several challenges in one header, the last" one_header
try "several challenges in one header, the first" one_header_first
try "several challenges in many headers" many_headers
try "upper-case names" upper_case
try "lower-case names" lower_case
try "blanks wherever they may be" blanks
try "of a proxy" proxy
try "parameters that nobody knows" unknown_parameters
try "keep-alive CRLFs around messages" keep_alives
try "100 Trying first" trying_first
try "a request of the server first" notify_first
try "many messages in one record" many_messages
try "a message in many records" long -max_send_frag 512
try "many messages in many records" many_messages -max_send_frag 512
finish
