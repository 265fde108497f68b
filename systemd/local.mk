# The paths in these files are only known to make, not to configure.
SUBSTITUTE = $(AM_V_GEN)$(MKDIR_P) systemd && sed -e 's|@sbindir[@]|$(sbindir)|g' \
	-e 's|@sysconfdir[@]|$(sysconfdir)|g' -e 's|@localstatedir[@]|$(localstatedir)|g' \
	-e 's|@docdir[@]|$(docdir)|g'

EXTRA_DIST += systemd/cswatchd.service.in systemd/cswatch.sysusers.in
CLEANFILES += systemd/cswatchd.service systemd/cswatch.conf

systemd/cswatchd.service: systemd/cswatchd.service.in Makefile
	$(SUBSTITUTE) $(top_srcdir)/systemd/cswatchd.service.in > $@
systemd/cswatch.conf: systemd/cswatch.sysusers.in Makefile
	$(SUBSTITUTE) $(top_srcdir)/systemd/cswatch.sysusers.in > $@

if SYSTEMD_UNITS
nodist_systemdsystemunit_DATA = systemd/cswatchd.service
endif
if SYSUSERS
nodist_sysusers_DATA = systemd/cswatch.conf
endif

# Where secret = "NAME" is looked up; systemd hands the files to the daemon as credentials.
install-data-local:
	$(MKDIR_P) '$(DESTDIR)$(sysconfdir)/cswatch'
	test -d '$(DESTDIR)$(sysconfdir)/cswatch/secrets' || \
		mkdir -m 0700 '$(DESTDIR)$(sysconfdir)/cswatch/secrets'
uninstall-hook:
	-rmdir '$(DESTDIR)$(sysconfdir)/cswatch/secrets' '$(DESTDIR)$(sysconfdir)/cswatch'

check_DATA += systemd/cswatchd.service systemd/cswatch.conf
TESTS += tests/check-units
EXTRA_DIST += tests/check-units
