#!/bin/bash
# A real systemd: it boots in a container on this machine's own files (read-only), starts the unit
# as installed, and what only systemd and its journal can show is looked at from inside. TAP.
set -u
top=${top_srcdir:?run me by make check}
bin=${top_builddir:?}

skip() {
	echo "1..0 # SKIP systemd: $*"
	exit 0
}
[ "$(id -u)" = 0 ] || skip "a container needs root"
command -v systemd-nspawn >/dev/null || skip "no systemd-nspawn"
[ -x /lib/systemd/systemd ] || skip "no systemd"

# /run is the container's own, so the files that both sides see live elsewhere.
work=$(mktemp -d /var/tmp/cswatch-systemd.XXXXXX)
finish() {
	mountpoint -q "$work/root" && umount "$work/root"
	rm -rf --one-file-system "$work"
}
trap finish EXIT
mkdir -p "$work"/{root,stage,etc,shared}
# This machine's root alone, without what is mounted below it.
mount --bind / "$work/root" || skip "no right to mount"
cp "$top/tests/peers/systemd-inside.sh" "$work/shared/inside"
make -s -C "$bin" install DESTDIR="$work/stage" >"$work/install.log" 2>&1 || {
	sed 's/^/# /' "$work/install.log"
	echo "Bail out! make install failed"
	exit 1
}
prefix=$(sed -n 's/^prefix = //p' "$bin/Makefile")
sysconfdir=$(sed -n 's/^sysconfdir = //p' "$bin/Makefile")
sysconfdir=${sysconfdir/\$\{prefix\}/$prefix}

# A target of our own: none of the services that this machine happens to have installed.
units=$work/etc/systemd/system
mkdir -p "$units" "$work/etc/sysusers.d" "$work/etc/cswatch"
cp "$work/stage$prefix"/lib/systemd/system/cswatchd.service "$units/"
cp "$work/stage$prefix"/lib/sysusers.d/cswatch.conf "$work/etc/sysusers.d/"
cat >"$units/inside.target" <<-UNIT
	[Unit]
	Requires=sysinit.target inside.service
	After=sysinit.target
	AllowIsolate=yes
UNIT
cat >"$units/inside.service" <<-UNIT
	[Unit]
	DefaultDependencies=no
	After=sysinit.target systemd-journald.service
	SuccessAction=exit
	FailureAction=exit
	[Service]
	Type=oneshot
	ExecStart=/bin/bash /srv/inside $prefix $sysconfdir
	StandardOutput=file:/srv/tap
	StandardError=file:/srv/err
UNIT

limit=300			# seconds for all of it, inside, too
timeout -k 30 $limit systemd-nspawn --quiet --register=no --keep-unit --volatile=state -D "$work/root" \
	--overlay="/etc:$work/etc:/etc" --bind="$work/shared:/srv" \
	--bind-ro="$work/stage$prefix/sbin:$prefix/sbin" --bind-ro="$work/stage$prefix/bin:$prefix/bin" \
	-b systemd.unit=inside.target systemd.log_target=null </dev/null >"$work/console" 2>&1
status=$?
if [ -s "$work/shared/tap" ]; then
	cat "$work/shared/tap"
	[ ! -s "$work/shared/err" ] || sed 's/^/# /' "$work/shared/err"
	# 124 and 137 are those of timeout(1).
	case $status in 124 | 137) echo "Bail out! waited $limit s without success for what comes next" ;; esac
else
	echo 1..1
	echo "not ok 1 - systemd boots in a container"
	sed 's/^/# /' "$work/console" | tail -n 30
	exit 1
fi
