libcswatch_a_SOURCES += \
	src/tls/certfacts.c src/tls/certfacts.h \
	src/tls/credential.c \
	src/tls/identity.c src/tls/identity.h src/tls/keypair.h \
	src/tls/memtls.c src/tls/memtls.h \
	src/tls/memtls_ctx.c src/tls/memtls_ctx.h \
	src/tls/store.c src/tls/store.h \
	src/tls/tlserr.c src/tls/tlserr.h \
	src/tls/trust.c src/tls/trust.h \
	src/tls/trusterr.c
