#include "vocab/events.h"

static const struct {
	const char *name;
	const char *message_id;
} events[EVENT_COUNT] = {
	[EVENT_DAEMON_STARTED] = { "daemon.started", "a298d471814242fb8c7fd6c458c9bf05" },
	[EVENT_DAEMON_STOPPED] = { "daemon.stopped", "9b13cce99ff949fb94e055b90ae69ad3" },
	[EVENT_CONFIG_REFUSED] = { "config.refused", "1671d7d744ba45cf918f89e3305419ee" },
	[EVENT_CONFIG_LOADED] = { "config.loaded", "f46491090bb34c058db33a3dc38336d0" },
	[EVENT_STATE_DAMAGED] = { "state.damaged", "7515dbc469404b25a39c147eeac6e469" },
	[EVENT_STATE_UNWRITABLE] = { "state.unwritable",
	    "68dc3a2fcb594731aa8e399717a67274" },
	[EVENT_KEYS_UNWRITABLE] = { "keys.unwritable",
	    "96177632bedd4a5aa6d3975795b74e47" },
	[EVENT_TEST_FINISHED] = { "test.finished", "afa32ffe97a246f3a005261753c3edb4" },
	[EVENT_TEST_STATE] = { "test.state", "97069c8b36ea43dcb33e4ffcae83650e" },
	[EVENT_TEST_REMINDER] = { "test.reminder", "e3303df6625d47fbbdd72494f25a28d7" },
	[EVENT_TEST_FLAPPING] = { "test.flapping", "5017c7a9279d4184845bce1adbba3520" },
	[EVENT_TEST_PAUSED] = { "test.paused", "d36e9474eca249bd8d91d1c2b8d160fe" },
	[EVENT_TEST_RESUMED] = { "test.resumed", "06c3431a139b4ee292f6d954bea94252" },
	[EVENT_TEST_ACKNOWLEDGED] = { "test.acknowledged",
	    "066d1189e335491fa0e09bd1cc9c5f68" },
	[EVENT_TRACE_UNWRITABLE] = { "trace.unwritable",
	    "26ce489866853077f5a69c2aea33a44c" },
	[EVENT_POOL_ALERT] = { "pool.alert", "37c8321fb0c44a5aa88f8990bb8c3c6c" },
	[EVENT_POOL_REMINDER] = { "pool.reminder", "dc9ca4ab21f14069b179d16344ddfaac" },
	[EVENT_POOL_RECOVERED] = { "pool.recovered", "4cd078ff42ca442ebf6029643adfbe18" },
	[EVENT_POOL_ACKNOWLEDGED] = { "pool.acknowledged",
	    "6b41796bf37d4315aebf3b16ef47fc77" },
	[EVENT_WATCHER_ISOLATED] = { "watcher.isolated",
	    "10da0a88737b48e79f6b720f3f34c530" },
	[EVENT_WATCHER_REMINDER] = { "watcher.reminder",
	    "ac3adb0c29304621b14e9f954ac4d928" },
	[EVENT_WATCHER_CONNECTED] = { "watcher.connected",
	    "7cf2913d016846f3ba6e3481988bb747" },
	[EVENT_CONTROL_COMMAND] = { "control.command",
	    "b203824eca364cd79f4d0e7fdc2d2c88" },
	[EVENT_CONTROL_REFUSED] = { "control.refused",
	    "3fb745b03fc14c42a5cee9a3b7ec72b9" },
	[EVENT_CONTROL_UNAVAILABLE] = { "control.unavailable",
	    "5b71a7d0f1e54943bde11566c98f1f00" },
	[EVENT_CONTROL_RESTORED] = { "control.restored",
	    "2a12269a477b4daea0bd80b08e3198a0" },
};

const char *
event_name(enum event_id e)
{
	return events[e].name;
}

const char *
event_message_id(enum event_id e)
{
	return events[e].message_id;
}
