libcswatch_a_SOURCES += \
	src/control/audit.c src/control/audit.h \
	src/control/call.h \
	src/control/client.c src/control/client.h \
	src/control/listen.c src/control/listen.h \
	src/control/peer.c src/control/peer.h \
	src/control/protocol.h \
	src/control/request.c src/control/request.h \
	src/control/roles.c src/control/roles.h \
	src/control/server.c src/control/server.h \
	src/control/server_client.c src/control/server_client.h
