#!/usr/bin/env bash
# A real Lync client, pidgin-sipe, signs in to the lab pool and out again; and when something is wrong
# it fails, and for that reason: what the client shows its user and what the lab saw are both judged.
# shellcheck disable=SC2154 # lab_start and sipe-run.sh set what is used here
set -u
top=$(realpath "${top_srcdir:-$(dirname "$0")/../..}")
bin=$(realpath "${top_builddir:-.}")
# shellcheck source=tests/lab.sh
. "$top/tests/lab.sh"
# shellcheck source=tests/tap.sh
. "$top/tests/tap.sh"
# shellcheck source=tests/peers/sipe-run.sh
. "$top/tests/peers/sipe-run.sh"

clean_up() {
	sipe_clean_up
	rm -rf "$work"
}

explain() {
	sed 's/^/# sipe: /' "$work/sipe.log"
}

purposes() {
	ask 'requests | map(.purpose) | join(" ")'
}

password_of() {
	grep "^sip:$1@" "$work/users" | cut -d , -f 3
}

# A sign-in that must fail: what the client says, and by the lab's transcript the last request, its
# answer and ErrorId. The lab has been started.
# usage: refused CASE NAME PASSWORD CLIENT-SAYS LAB-SAW
refused() {
	sipe_start "$2" "$3"
	sipe_hear signed-off
	sipe_end
	sipe_lab_stop
	verdict_same "$1: what the client says" "error $4, signed-off 1" "$sipe_events $sipe_status"
	verdict_same "$1: what the lab saw" "$5" "$(ask '"\(requests[-1].purpose) \(statuses[-1])" +
		(messages("out")[-1] | first_header("ms-diagnostics") + first_header("X-Ms-diagnostics") |
			capture("(?<id>^[0-9]+)").id // "" | if . == "" then "" else " " + . end)')"
}

# usage: lab ARGUMENT...
lab() {
	sipe_lab "$work/lab" --users "$work/users" "$@" || give_up "no lab"
}

web="challenge certprov-metadata ticket-metadata web-ticket web-ticket-2 web-ticket-3"
logon="$web certificate challenge-2 tls-dsk tls-dsk-2 register"

sign_in_and_out() {		# what the minimal pool must answer
	lab --no-presence
	sipe_start alice "$(password_of alice)"
	sipe_hear signed-on
	sipe_end
	sipe_await '*"start":"REGISTER *["Expires","0"]*'
	sipe_lab_stop
	verdict_same "signs in and out" "connected, signed-on, signed-off 0" "$sipe_events $sipe_status"
	verdict_same "requests come in the known order" "$logon log-off" "$(purposes)"
	verdict_same "each is answered" "401 200 200 401 401 200 200 401 401 401 200 200" \
		"$(ask 'statuses | join(" ")')"
	verdict_same "one connection to the registrar, one Call-ID, rising CSeq with a gap" \
		"1 1 1 3 4 5 6 7" "$(ask 'requests | map(select(.protocol == "sip")) |
			[(map(.connection) | unique | length), (map(header("Call-ID")) | unique | length)]
			+ map(first_header("CSeq") | split(" ")[0] | tonumber) | map(tostring) | join(" ")')"
}

flight() {			# DIRECTION NUMBER: gssapi-data of that message of the handshake, counted from 0
	ask 'messages($direction) | map(.headers[] | select(.[0] | IN("Authorization", "WWW-Authenticate")) |
		.[1] | capture("gssapi-data=\"(?<data>[^\"]*)\"").data)[$number | tonumber]' \
		--arg direction "$1" --arg number "$2" | tls_records | paste -sd '|'
}

inner_handshake() {		# of the same transcript
	verdict_same "offers TLS 1.0 only, and RSA key exchange only" \
		"record 22 0301|ClientHello 0301 suites 0004 0005 002f 0035 0003 extensions none" \
		"$(flight in 0)"
	verdict_same "the pool takes it, and says so in one record" \
		"record 22 0301|ServerHello 0301 suite 002f extensions none|Certificate|CertificateRequest|ServerHelloDone" \
		"$(flight out 0)"
	verdict_same "presents the certificate and proves its key" \
		"record 22 0301|Certificate|ClientKeyExchange|CertificateVerify|record 20 0301|ChangeCipherSpec|record 22 0301|Finished, encrypted" \
		"$(flight in 1)"
	verdict_same "the pool ends the handshake" \
		"record 20 0301|ChangeCipherSpec|record 22 0301|Finished, encrypted" "$(flight out 1)"
}

presence() {
	local wanted="$logon SUBSCRIBE:vnd-microsoft-roaming-contacts SUBSCRIBE:vnd-microsoft-provisioning-v2"
	wanted+=" SUBSCRIBE:vnd-microsoft-roaming-self SERVICE:application/SOAP+xml"
	wanted+=" SERVICE:application/msrtc-setcontainermembers+xml SERVICE:application/msrtc-category-publish+xml"
	lab
	sipe_start alice "$(password_of alice)"
	sipe_hear signed-on
	sipe_await '*"direction":"in"*msrtc-category-publish+xml*'
	sipe_end
	sipe_await '*"start":"REGISTER *["Expires","0"]*'
	sipe_lab_stop
	verdict_same "signs in to a pool with presence and out" \
		"connected, signed-on, signed-off 0" "$sipe_events $sipe_status"
	verdict_same "asks for contacts, settings and itself, and publishes" "$wanted" \
		"$(purposes | sed 's/ SUBSCRIBE:[^ ]*:end.*//')"
	# In the order of a hash table of its own.
	verdict_same "ends its subscriptions, then logs off" "provisioning-v2 roaming-contacts roaming-self log-off" \
		"$(ask '[requests[].purpose | select(endswith(":end"))] | map(.[24:-4]) | sort | join(" ")') $(
		ask 'requests[-1].purpose')"
}

refusals() {
	local ticket alice_password
	alice_password=$(password_of alice)
	lab
	ticket="Web ticket request to https://localhost:$lab_https_port/CertProv/CertProvisioningService.svc failed"
	refused "wrong password" alice "not$alice_password" "$ticket" "web-ticket-3 401"
	lab
	ticket="Web ticket request to https://localhost:$lab_https_port/CertProv/CertProvisioningService.svc failed"
	refused "not enabled" bob "$(password_of bob)" "$ticket" "web-ticket-3 403 28000"
	lab --fault register=sip-403:4141
	refused "disabled since" alice "$alice_password" \
		"You have been rejected by the server: no reason given" "register 403 4141"
	lab --fault certificate=bad-signature:content
	refused "certificate of another issuer" alice "$alice_password" \
		"Failed to authenticate to server" "tls-dsk-2 401 1000"
	lab --fault register=bad-signature
	refused "wrong rspauth" alice "$alice_password" \
		"Invalid message signature received" "register 200"
}

# A certificate of the right issuer that the registrar does not find among the published ones: the user
# is sent on to a second front end of the same name, and takes the certificate along.
unpublished() {
	local other
	cp -r "$work/lab" "$work/other"
	lab_start "$work/other" --users "$work/users" --transcript "$work/other-transcript" ||
		give_up "no second lab"
	other=$lab_sip_port
	lab --fault "register=redirect:localhost:$other"
	refused "certificate not published" alice "$(password_of alice)" \
		"Failed to authenticate to server" "register 301"
	transcript=$work/other-transcript
	verdict_same "certificate not published: what the second front end saw" \
		"challenge tls-dsk tls-dsk-2; 1000; record 21 0301|Alert" \
		"$(purposes); $(ask 'messages("out")[-1] | first_header("ms-diagnostics") | split(";")[0]'); $(
		flight out -1)"
}

work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 1' INT TERM
if reason=$(sipe_missing); then
	echo "1..0 # SKIP $reason"
	exit 0
fi
sed 's/^/# /' "$work/sipe.version"
lab_users "$work/users" alice bob::disabled
sign_in_and_out
inner_handshake
presence
refusals
unpublished
echo "1..$count"
exit $failed
