#!/usr/bin/env bash
# The daemon says what the real client says: pidgin-sipe signs in to a lab pool and out, cswatch test runs
# a transaction against it, and the requests in the lab's two transcripts are compared, message by message,
# in meaning: start line, headers and their order, XML as XML, the certificate request and the inner TLS
# handshake decoded. tests/peers/differences has those that are allowed; doc/PROTOCOL explains them.
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

listed=$peers/differences

clean_up() {
	sipe_clean_up
	rm -rf "$work"
}

password() {
	grep '^sip:alice@' "$work/users" | cut -d , -f 3
}

run_sipe() {
	sipe_lab "$work/lab" --users "$work/users" || give_up "no lab"
	sipe_start alice "$(password)"
	sipe_hear signed-on
	sipe_await '*"direction":"in"*msrtc-category-publish+xml*'
	sipe_end
	sipe_await '*"start":"REGISTER *["Expires","0"]*'
	sipe_lab_stop
	verdict_same "pidgin-sipe signs in and out" "connected, signed-on, signed-off" "$sipe_events"
}

run_cswatch() {
	sipe_lab "$work/lab" --users "$work/users" || give_up "no lab"
	(umask 077 && printf 'LAB\\alice\n%s\n' "$(password)" >"$work/credential")
	"$bin/cswatch" test --target-fqdn "$lab_fqdn" --address 127.0.0.1 \
		--registrar-port "$lab_sip_port" --ca-file "$lab_ca" --user-credential "$work/credential" \
		--user-sip-address sip:alice@lab.example --format json >"$work/record"
	sipe_lab_stop
	verdict_same "cswatch test succeeds" "Success " "$(jq -r '"\(.result) \(.error)"' "$work/record")"
}

# The structure of a PKCS#10 request, its texts and numbers; not key and signature, which are bit strings.
pkcs10() {
	tr -d ' ' | base64 -d 2>/dev/null | openssl asn1parse -inform DER |
		sed 's/^[^:]*:d=\([0-9]*\).*\(cons\|prim\): *\([^:]*[^: ]\) */\1 \3/' | paste -sd '|'
}

body_items() {			# XML on standard input
	local path value
	xmllint --c14n - | awk -f "$peers/xml-items.awk" | while IFS=$'\t' read -r path value; do
		case $path in
		*/BinarySecurityToken) value="${value%% *} $(pkcs10 <<<"${value#* }")" ;;
		# Of the time stamp, which is compared; the lab has verified it.
		*/DigestValue) value=$(sed 's| [A-Za-z0-9+/]\{27\}=$| {sha1}|' <<<"$value") ;;
		esac
		printf 'body %s\t%s\n' "$path" "$value"
	done
}

# The requests of the transcript, an item a line; see normal.jq.
normal() {
	local purpose data
	ask normal
	while IFS=$'\t' read -r purpose data; do
		base64 -d <<<"$data" | body_items | sed "s|^|$purpose\t|"
	done < <(ask bodies)
	while IFS=$'\t' read -r purpose data; do
		printf '%s\trecords\t%s\n' "$purpose" "$(tls_records <<<"$data" | paste -sd '|')"
	done < <(ask flights)
}

# Prints the differences between two normal forms that are not listed; those that are go, by their name
# and the number of their row, to $work/occurred.
unlisted() {
	local request item real ours name row r i a b
	awk -f "$peers/differences.awk" "$1" "$2" | while IFS=$'\t' read -r request item real ours; do
		row=0
		while IFS=$'\t' read -r name r i a b; do
			row=$((row + 1))
			# shellcheck disable=SC2053 # they are patterns
			if [[ $request == $r && $item == $i && $real == $a && $ours == $b ]]; then
				echo "$row" >>"$work/occurred"
				continue 2
			fi
		done < <(grep -v '^#' "$listed")
		printf '%s, %s: pidgin-sipe "%s", cswatch "%s"\n' "$request" "$item" "$real" "$ours"
	done
}

judge() {
	local row=0 name request item rest
	verdict_same "no difference but those that are listed" "" "$(unlisted "$work/real" "$work/ours")"
	while IFS=$'\t' read -r name request item rest; do
		row=$((row + 1))
		verdict_same "listed, and still there: $name, $request, $item" "yes" \
			"$(grep -qx $row "$work/occurred" && echo yes)"
	done < <(grep -v '^#' "$listed")
	verdict_same "doc/PROTOCOL explains each that is listed, and no other" \
		"$(grep -v '^#' "$listed" | cut -f 1 | sort -u)" \
		"$(sed -n '/^Differences/,$p' "$top/doc/PROTOCOL" | sed -n 's/^    \([a-z0-9-]*\)$/\1/p' | sort)"
}

# A difference in one line of ours must be found. usage: changed WHAT SED-SCRIPT
changed() {
	sed "$2" "$work/ours" >"$work/changed"
	verdict_same "would be noticed: $1" 1 "$(unlisted "$work/real" "$work/changed" | wc -l)"
}

work=$(mktemp -d) || exit 1
trap clean_up EXIT
trap 'exit 1' INT TERM
if reason=$(sipe_missing); then
	echo "1..0 # SKIP $reason"
	exit 0
fi
sed 's/^/# /' "$work/sipe.version"
lab_users "$work/users" alice
run_sipe
normal >"$work/real"
run_cswatch
normal >"$work/ours"
judge
changed "a header left out" '/^register\theader Event\t/d'
changed "headers in another order" '/^log-off\torder\t/s/To Max-Forwards/Max-Forwards To/'
changed "another parameter" '/^tls-dsk\theader Authorization\t/s/version=4/version=3/'
changed "another namespace" '/^certificate\t.*GetAndPublishCert\/RequestSecurityToken\t/s|200512/|200512|'
changed "another subject" '/^certificate\t.*BinarySecurityToken\t/s|UTF8STRING|PRINTABLESTRING|'
changed "a request left out" '/^certprov-metadata\t/d'
echo "1..$count"
exit $failed
