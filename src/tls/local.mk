libcswatch_a_SOURCES += \
	src/tls/certfacts.c src/tls/certfacts.h \
	src/tls/credential.c src/tls/credential.h \
	src/tls/identity.c src/tls/identity.h \
	src/tls/inner.c src/tls/inner.h \
	src/tls/inner_ctx.c src/tls/inner_ctx.h \
	src/tls/outer.c src/tls/outer.h src/tls/outer_error.c \
	src/tls/store.c src/tls/store.h \
	src/tls/tlserr.c src/tls/tlserr.h
