#!/bin/bash
# What tests/peers/systemd.sh runs inside the container. usage: inside PREFIX SYSCONFDIR
set -u
prefix=$1 conf=$2/cswatch
PATH=$prefix/sbin:$prefix/bin:$PATH
n=0

ok() {
	local status=$? name=$1
	n=$((n + 1))
	[ "$status" = 0 ] && echo "ok $n - $name" || echo "not ok $n - $name"
}

# One field of one journal entry of the daemon. usage: field EVENT FIELD
field() {
	journalctl --quiet -u cswatchd -o json "CSWATCH_EVENT=$1" | jq -r "select(.$2 != null) | .$2" | head -n 1
}

# Waits until the daemon has logged a line that matches. usage: await PATTERN
await() {
	timeout 60 grep -q -m 1 -e "$1" <(exec journalctl --quiet -f --no-tail -o cat -u cswatchd)
}

systemd-sysusers /etc/sysusers.d/cswatch.conf
id -u cswatch >/dev/null; ok "sysusers.d makes the daemon's user"

mkdir /tmp/lab
mkfifo /tmp/ready
cswatch-lab --directory /tmp/lab --https-port 0 --sip-port 0 >/tmp/ready 2>/dev/null </dev/null &
lab=$!
read -r -t 60 _ </tmp/ready
mkdir -p "$conf/secrets"
cp /tmp/lab/secrets/* "$conf/secrets/"
chmod 0600 "$conf"/secrets/*
cp /tmp/lab/ca.pem "$conf/ca.pem"
chmod 0644 "$conf/ca.pem"
sed -e '/^state_directory/d' -e "s#/tmp/lab/ca.pem#$conf/ca.pem#" -e 's/every = "5s"/every = "1s"/' \
	/tmp/lab/lab.conf >"$conf/cswatch.conf"
chmod 0644 "$conf/cswatch.conf"

if ! systemctl start cswatchd; then
	journalctl --quiet -u cswatchd >&2
	echo "not ok 2 - the unit starts: READY was said"
	echo "1..2"
	exit 1
fi
true; ok "the unit starts: READY was said"
await 'test.finished.*result=Success'; ok "a test succeeds with a secret that systemd loaded"
[ "$(field test.finished CSWATCH_RESULT)" = Success ]; ok "the journal has the result as a field"
[[ $(field test.finished MESSAGE_ID) =~ ^[0-9a-f]{32}$ ]]; ok "the journal has the event's MESSAGE_ID"
[ "$(field test.finished PRIORITY)" = 6 ]; ok "a success is informational"
[ "$(field test.finished SYSLOG_IDENTIFIER)" = cswatchd ]; ok "the journal has the identifier"
systemctl show -P StatusText cswatchd | grep -q '^3 tests: '; ok "STATUS counts the tests"
[ "$(stat -c %U /var/lib/cswatch)" = cswatch ]; ok "StateDirectory belongs to the daemon"
[ "$(systemctl show -P WatchdogUSec cswatchd)" != 0 ]; ok "the watchdog is armed"

pid=$(systemctl show -P MainPID cswatchd)
systemctl reload cswatchd; ok "systemctl reload works"
await config.loaded; ok "the reload is logged"
echo 'tests: (' >>"$conf/cswatch.conf"
systemctl reload cswatchd; ok "a reload of a bad configuration is no failure of the unit"
await config.refused; ok "a bad configuration is refused, with its problem in the journal"
[ "$(systemctl show -P MainPID cswatchd)" = "$pid" ] && systemctl -q is-active cswatchd
ok "the daemon goes on with the old one"
systemctl stop cswatchd; ok "the unit stops"
[ "$(systemctl show -P Result cswatchd)" = success ]; ok "it left by itself, before it was killed"
jq -e '.tests | length == 3 and any(.state == "ok") and all(.state == "ok" or .state == "unknown")' /var/lib/cswatch/state.json >/dev/null
ok "the state is whole"
! systemctl start cswatchd 2>/dev/null; ok "it does not start with a bad configuration"
! grep -rqF -f <(cat "$conf"/secrets/*) <(journalctl --quiet -o verbose); ok "no secret is in the journal"
systemd-analyze security cswatchd --no-pager | tail -n 1 | grep -q ' OK'; ok "systemd calls its exposure OK"
kill "$lab"
wait "$lab" 2>/dev/null
echo "1..$n"
