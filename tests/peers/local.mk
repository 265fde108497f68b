# Software that nobody here wrote; tests/peers/README says what each proves. A peer that is not
# installed skips its test by name.
TESTS += tests/peers/sipe.sh tests/peers/compare.sh tests/peers/tls-openssl.sh \
	tests/peers/tls-gnutls.sh tests/peers/sip-forms.sh tests/peers/kamailio.sh
if TRY_UNIT
TESTS += tests/peers/systemd.sh
endif
EXTRA_DIST += tests/peers/systemd.sh tests/peers/systemd-inside.sh
TESTS += tests/peers/apache.sh
if LAB
TESTS += tests/peers/dnsmasq.sh
endif
EXTRA_DIST += tests/peers/dnsmasq.sh tests/peers/apache.sh tests/peers/apache.conf
EXTRA_DIST += tests/peers/README tests/peers/sipe.sh tests/peers/sipe-run.sh \
	tests/peers/transcript.jq tests/peers/tls-records.awk \
	tests/peers/compare.sh tests/peers/differences tests/peers/differences.awk \
	tests/peers/normal.jq tests/peers/xml-items.awk \
	tests/peers/tls-openssl.sh tests/peers/tls-gnutls.sh tests/peers/tls-cases.sh \
	tests/peers/tls-peers.sh tests/peers/sip-forms.sh tests/peers/kamailio.sh \
	tests/peers/kamailio.cfg

if PURPLE
check_PROGRAMS += tests/peers/sipe-client tests/peers/libxml2-sax1.so
endif
tests_peers_sipe_client_SOURCES = tests/peers/sipe-client.c
tests_peers_sipe_client_CPPFLAGS = $(CSW_CPPFLAGS)
tests_peers_sipe_client_CFLAGS = $(PEER_CFLAGS) $(PURPLE_CFLAGS)
tests_peers_sipe_client_LDFLAGS = -Wl,--as-needed
tests_peers_sipe_client_LDADD = $(PURPLE_LIBS)
tests_peers_libxml2_sax1_so_SOURCES = tests/peers/libxml2-sax1.c
tests_peers_libxml2_sax1_so_CPPFLAGS = $(CSW_CPPFLAGS)
tests_peers_libxml2_sax1_so_CFLAGS = $(PEER_CFLAGS) -fPIC $(XML_CFLAGS)
tests_peers_libxml2_sax1_so_LDFLAGS = -shared -Wl,--as-needed
tests_peers_libxml2_sax1_so_LDADD = $(XML_LIBS) -ldl
