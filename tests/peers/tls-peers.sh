# shellcheck shell=bash
# Servers that others wrote, on loopback, and cswatch test against them. Sourced by the tests of
# tests/peers that speak TLS; they speak TAP.
#
# Every program that is started here is heard or looked at before it is used, and ended by number.
# shellcheck disable=SC2154,SC2034,SC2120 # top_builddir comes from make check; the rest is for others

# Skips the whole test, by name, when a program is missing. usage: need PROGRAM PACKAGE
need() {
	command -v "$1" >/dev/null && return
	echo "1..0 # SKIP there is no $1 (package $2)"
	exit 0
}

need jq jq
need openssl openssl

bin=$(realpath "${top_builddir:-.}")
work=$(mktemp -d) || exit 1
host=pool.lab.example			# whom the client asks for; 127.0.0.1 is where it is
limit=60				# seconds without a word from a program are a failure
count=0
failed=0
peer=					# the server that runs
port=					# and where it listens

# shellcheck source=tests/wait.sh
. "${BASH_SOURCE[0]%/*}/../wait.sh"

end_peer() {				# [SIGNAL]
	[ -n "$peer" ] || return 0
	kill "-${1:-TERM}" "$peer" 2>/dev/null
	wait_end "the server" $limit "$peer"
	peer=
}

clean_up() {
	end_peer
	rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

bail_out() {
	echo "Bail out! $*"
	[ ! -s "$work/peer.log" ] || sed 's/^/# /' "$work/peer.log"
	exit 1
}

# The ports on which a process listens over IPv4, one a line.
ports_of() {
	local inodes
	inodes=$(find "/proc/$1/fd" -lname 'socket:*' -printf '%l ' 2>/dev/null)
	awk -v inodes="$inodes" '$4 == "0A" && index(inodes, "socket:[" $10 "]") {
		sub(/.*:/, "", $2); print "0x" $2 }' /proc/net/tcp
}

listens_or_ended() {
	port=$(ports_of "$peer" | head -n 1)
	[ -n "$port" ] || process_ended "$peer"
}

# Waits until the server listens; false when it ended instead. Sets port.
find_port() {
	wait_for "the server to listen" $limit listens_or_ended
	port=$((${port:-0}))
	[ $port -ne 0 ]
}

wait_for_port() {
	find_port || bail_out "the server does not listen"
}

# Starts a server that needs nothing more. Sets peer and port. usage: start_peer PROGRAM ARGUMENT...
start_peer() {
	end_peer
	"$@" >"$work/peer.log" 2>&1 </dev/null &
	peer=$!
	wait_for_port
}

# openssl s_server, with this script in the place of a program behind it: what the client sends is
# read from $from_client, what is written to $to_client goes to the client.
# usage: start_by_hand KEY-AND-CERTIFICATE ARGUMENT...
start_by_hand() {
	local name=$1
	shift
	end_peer
	rm -f "$work/to" "$work/from"
	mkfifo "$work/to" "$work/from"
	exec {to_client}<>"$work/to" {from_client}<>"$work/from"
	# Into a pipe it would say nothing before there are 4096 octets of it.
	stdbuf -oL openssl s_server -accept 127.0.0.1:0 -cert "$work/$name.pem" \
		-key "$work/$name.key" "$@" >"$work/from" 2>"$work/peer.log" <"$work/to" &
	peer=$!
	wait_for_port
}

# Reads what the client sends up to the empty line. Sets request, and head[NAME] of each header.
declare -A head
read_request() {
	local line end=$((SECONDS + limit))
	request='' head=()
	while read_line "$from_client" $end; do
		line=${line%$'\r'}
		case $line in
		'REGISTER '* | 'GET '*) request=$line ;;
		'') [ -z "$request" ] || return 0 ;;
		*': '*) [ -z "$request" ] || head[${line%%: *}]=${line#*: } ;;
		esac
	done
	bail_out "no request came"
}

# Begins to run the client; what it says is in $work/record and $work/account.
# usage: start_client ARGUMENT...
start_client() {
	"$bin/cswatch" test --target-fqdn $host --address 127.0.0.1 --registrar-port "$port" \
		--ca-file "$work/trusted.pem" --user-sip-address sip:alice@lab.example \
		--user-credential "$work/credential" --timeout ${limit}s --format json \
		--verbose "$@" >"$work/record" 2>"$work/account" &
	client=$!
}

run_client() {
	start_client "$@"
	end_client
}

# The client ends by itself, within its own limit.
end_client() {
	wait_end "cswatch test" $((limit * 2)) "$client"
}

# One case: the words of the record (a pattern), then texts that record or account must have.
# usage: verdict NAME "STEP CAUSE CODE TAG [WARNING]" TEXT...
verdict() {
	local name=$1 wanted=$2 got='' said='' text wrong=()
	shift 2
	count=$((count + 1))
	{ read -r got && read -r said; } < <(jq -r '([.step // .result, .cause, .code, .diag,
		(.warnings | join(","))] | map(values | tostring) | join(" ")), .diagnosis' \
		"$work/record" 2>&1)
	said+=$'\n'$(<"$work/account")
	# shellcheck disable=SC2053 # a pattern: a reset and an end look alike to who comes late
	[[ ${got% } == $wanted ]] || wrong+=("wanted $wanted" "got    $got")
	for text; do
		[[ $said == *"$text"* ]] || wrong+=("not said: $text")
	done
	if [ ${#wrong[@]} -eq 0 ]; then
		echo "ok $count - $name"
		return
	fi
	failed=1
	echo "not ok $count - $name"
	printf '# %s\n' "${wrong[@]}"
	sed 's/^/# record: /' "$work/record"
	sed 's/^/# account: /' "$work/account"
	tail -n 20 "$work/peer.log" | sed 's/^/# server: /'
}

finish() {
	echo "1..$count"
	exit $failed
}

# Keys and certificates

# usage: make_key NAME rsa|weak|ecdsa
make_key() {
	local algorithm=RSA option
	case $2 in
	rsa) option=rsa_keygen_bits:2048 ;;
	weak) option=rsa_keygen_bits:1024 ;;
	ecdsa) algorithm=EC option=ec_paramgen_curve:P-256 ;;
	esac
	openssl genpkey -algorithm $algorithm -pkeyopt "$option" -out "$work/$1.key" \
		2>"$work/key.log" || bail_out "no key $1: $(cat "$work/key.log")"
}

write_ca_config() {
	cat >"$work/ca.cnf" <<-END
		[req]
		distinguished_name = no_name
		[no_name]
		[ca]
		default_ca = any_ca
		[any_ca]
		database = $work/issued
		new_certs_dir = $work
		serial = $work/serial
		policy = any_name
		unique_subject = no
		[any_name]
		commonName = supplied
		[is_ca]
		basicConstraints = critical,CA:TRUE
		[is_leaf]
		basicConstraints = critical,CA:FALSE
		subjectAltName = \$ENV::SAN
	END
	: >"$work/issued"
}

day() {				# DATE, as date(1) understands it
	date -u -d "$1" +%Y%m%d%H%M%SZ
}

# A certificate NAME.pem, signed by ISSUER (NAME itself: self-signed), for the key NAME.key or that
# of the word key=. More words that differ from the usual: ca, san=..., md=sha1, from=DATE, until=DATE.
# usage: make_cert NAME ISSUER CN [WORD]...
make_cert() {
	local name=$1 issuer=$2 cn=$3 word key=$1 extensions=is_leaf md=sha256 from=yesterday
	local until='40 days' signer=()
	export SAN=DNS:$host
	shift 3
	for word; do
		case $word in
		ca) extensions=is_ca ;;
		key=*) key=${word#*=} ;;
		san=*) SAN=${word#*=} ;;
		md=*) md=${word#*=} ;;
		from=*) from=${word#*=} ;;
		until=*) until=${word#*=} ;;
		esac
	done
	[ "$name" = "$key" ] || ln -sf "$key.key" "$work/$name.key"
	signer=(-cert "$work/$issuer.pem" -keyfile "$work/$issuer.key")
	[ "$issuer" != "$name" ] || signer=(-selfsign -keyfile "$work/$name.key")
	{ openssl req -new -config "$work/ca.cnf" -subj "/CN=$cn" -key "$work/$name.key" \
		-out "$work/request" &&
	openssl ca -batch -notext -config "$work/ca.cnf" -extensions $extensions -md "$md" \
		-create_serial -startdate "$(day "$from")" -enddate "$(day "$until")" \
		"${signer[@]}" -in "$work/request" -out "$work/$name.pem"; } \
		>"$work/ca.log" 2>&1 || bail_out "no certificate $name: $(cat "$work/ca.log")"
}

# What every test needs: a CA that the client trusts, a server of it, and somebody's credential.
make_usual() {
	write_ca_config
	make_key root rsa
	make_cert root root 'Field Root' ca
	cp "$work/root.pem" "$work/trusted.pem"
	make_key rsa rsa
	make_cert rsa root $host
	(umask 077 && printf 'LAB\\alice\nnot-asked-for\n' >"$work/credential")
}

make_usual
