/*
 * sipe-client - a real Lync client without a face: libpurple and its plugin
 * pidgin-sipe, signed in with TLS-DSK, one line on standard output for each thing that
 * happens to the account.
 *
 *	connected	libpurple's word for it: the account is on line
 *	signed-on	the client shows the user as signed in
 *	error TEXT	the client gives up, and this is what its user would read
 *	signed-off	the account is off line
 *
 * It stays signed in until its standard input ends, then signs out and exits: 0 when the
 * user was signed in and no error came, 1 otherwise. Nothing of cswatch is in here.
 */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <purple.h>

#define UI_NAME	     "sipe-client"
#define PROTOCOL     "prpl-sipe"
#define LIMIT_S	     120 /* a client that has not come to an end by then never will */
#define USAGE_STATUS 2

static const char usage[] =
    "usage: sipe-client --directory DIR --address USER@DOMAIN --server HOST:PORT\n"
    "                   --user-credential FILE [--debug]\n"
    "       sipe-client --directory DIR --version\n\n"
    "  --directory DIR         the client's own settings and certificates\n"
    "  --user-credential FILE  account name, DOMAIN\\USER, and password, a line each\n"
    "  --debug                 what libpurple says, on standard error\n";

struct client {
	const char *directory, *address, *server;
	char account_name[256], password[256];
	bool debug, version;
	GMainLoop *loop;
	PurpleAccount *account;
	bool may_leave; /* standard input has ended */
	bool signed_on, failed, leaving;
};

static struct client client;

static void
say(const char *event, const char *text)
{
	if (text == NULL)
		puts(event);
	else
		printf("%s %s\n", event, text);
	fflush(stdout);
}

/* libpurple's event loop is whatever its program has: here GLib's. */

struct watcher {
	PurpleInputFunction function;
	gpointer data;
};

static gboolean
on_ready(GIOChannel *channel, GIOCondition condition, gpointer data)
{
	const struct watcher *w = data;
	unsigned what = 0;

	if ((condition & (G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0)
		what |= PURPLE_INPUT_READ;
	if ((condition & (G_IO_OUT | G_IO_HUP | G_IO_ERR | G_IO_NVAL)) != 0)
		what |= PURPLE_INPUT_WRITE;
	w->function(
	    w->data, g_io_channel_unix_get_fd(channel), (PurpleInputCondition)what);
	return TRUE;
}

static guint
watch_input(
    int fd, PurpleInputCondition what, PurpleInputFunction function, gpointer data)
{
	GIOChannel *channel = g_io_channel_unix_new(fd);
	struct watcher *w = g_new0(struct watcher, 1);
	unsigned condition = G_IO_HUP | G_IO_ERR | G_IO_NVAL;
	guint id;

	if ((what & PURPLE_INPUT_READ) != 0)
		condition |= G_IO_IN;
	if ((what & PURPLE_INPUT_WRITE) != 0)
		condition |= G_IO_OUT;
	*w = (struct watcher){ function, data };
	id = g_io_add_watch_full(
	    channel, G_PRIORITY_DEFAULT, (GIOCondition)condition, on_ready, w, g_free);
	g_io_channel_unref(channel);
	return id;
}

static PurpleEventLoopUiOps loop_ops = {
	.timeout_add = g_timeout_add,
	.timeout_remove = g_source_remove,
	.input_add = watch_input,
	.input_remove = g_source_remove,
	.timeout_add_seconds = g_timeout_add_seconds,
};

static PurpleCoreUiOps core_ops;

/* What happens to the account. */

static void
leave(void)
{
	if (client.leaving || !client.signed_on)
		return;
	client.leaving = true;
	purple_account_disconnect(client.account);
}

/* Later: a connection must not be destroyed by those that it is calling. */
static gboolean
leave_later(gpointer data)
{
	(void)data;
	leave();
	return FALSE;
}

static gboolean
on_stdin(GIOChannel *channel, GIOCondition condition, gpointer data)
{
	char part[256];

	(void)condition, (void)data;
	if (read(g_io_channel_unix_get_fd(channel), part, sizeof(part)) > 0)
		return TRUE;
	client.may_leave = true;
	leave();
	return FALSE;
}

static void
on_connected(PurpleConnection *gc)
{
	(void)gc;
	say("connected", NULL);
}

static PurpleConnectionUiOps connection_ops = {
	.connected = on_connected,
};

static void
on_signed_on(PurpleConnection *gc, gpointer data)
{
	(void)gc, (void)data;
	client.signed_on = true;
	say("signed-on", NULL);
	if (client.may_leave)
		g_idle_add(leave_later, NULL);
}

static void
on_signed_off(PurpleConnection *gc, gpointer data)
{
	(void)gc, (void)data;
	say("signed-off", NULL);
	g_main_loop_quit(client.loop);
}

static void
on_error(
    PurpleConnection *gc, PurpleConnectionError reason, const char *text, gpointer data)
{
	(void)gc, (void)reason, (void)data;
	client.failed = true;
	say("error", text);
}

static gboolean
on_limit(gpointer data)
{
	(void)data;
	client.failed = true;
	say("error", "the client has not come to an end");
	g_main_loop_quit(client.loop);
	return FALSE;
}

static void
listen_to_account(void)
{
	static int handle;
	void *connections = purple_connections_get_handle();

	purple_signal_connect(
	    connections, "signed-on", &handle, PURPLE_CALLBACK(on_signed_on), NULL);
	purple_signal_connect(
	    connections, "signed-off", &handle, PURPLE_CALLBACK(on_signed_off), NULL);
	purple_signal_connect(
	    connections, "connection-error", &handle, PURPLE_CALLBACK(on_error), NULL);
}

static bool
start_libpurple(void)
{
	purple_util_set_user_dir(client.directory);
	purple_debug_set_enabled(client.debug);
	purple_eventloop_set_ui_ops(&loop_ops);
	purple_core_set_ui_ops(&core_ops);
	if (!purple_core_init(UI_NAME)) {
		fputs("sipe-client: libpurple does not start\n", stderr);
		return false;
	}
	purple_connections_set_ui_ops(&connection_ops);
	purple_set_blist(purple_blist_new());
	if (purple_find_prpl(PROTOCOL) != NULL)
		return true;
	fputs("sipe-client: libpurple has no plugin pidgin-sipe\n", stderr);
	return false;
}

/* The settings of an account that leave nothing to discovery. */
static void
sign_on(void)
{
	char *name = g_strdup_printf("%s,%s", client.address, client.account_name);

	client.account = purple_account_new(name, PROTOCOL);
	g_free(name);
	purple_account_set_password(client.account, client.password);
	purple_account_set_string(client.account, "server", client.server);
	purple_account_set_string(client.account, "transport", "tls");
	purple_account_set_string(client.account, "authentication", "tls-dsk");
	purple_account_set_bool(client.account, "sso", FALSE);
	purple_account_set_bool(client.account, "dont-publish", TRUE);
	purple_accounts_add(client.account);
	purple_account_set_enabled(client.account, UI_NAME, TRUE);
	purple_savedstatus_activate(
	    purple_savedstatus_new(NULL, PURPLE_STATUS_AVAILABLE));
}

static bool
read_credential(const char *path)
{
	FILE *f = fopen(path, "r");
	bool ok = f != NULL &&
		  fgets(client.account_name, sizeof(client.account_name), f) != NULL &&
		  fgets(client.password, sizeof(client.password), f) != NULL;

	if (f != NULL)
		fclose(f);
	if (!ok)
		fprintf(stderr, "sipe-client: no two lines in %s\n", path);
	client.account_name[strcspn(client.account_name, "\n")] = '\0';
	client.password[strcspn(client.password, "\n")] = '\0';
	return ok;
}

static bool
read_options(int argc, char **argv)
{
	static const struct option options[] = {
		{ "directory", required_argument, NULL, 'd' },
		{ "address", required_argument, NULL, 'a' },
		{ "server", required_argument, NULL, 's' },
		{ "user-credential", required_argument, NULL, 'c' },
		{ "debug", no_argument, NULL, 'g' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	const char *credential = NULL;
	int id;

	while ((id = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (id) {
		case 'd':
			client.directory = optarg;
			break;
		case 'a':
			client.address = optarg;
			break;
		case 's':
			client.server = optarg;
			break;
		case 'c':
			credential = optarg;
			break;
		case 'g':
			client.debug = true;
			break;
		case 'v':
			client.version = true;
			break;
		default:
			return false;
		}
	}
	if (optind != argc || client.directory == NULL)
		return false;
	return client.version || (client.address != NULL && client.server != NULL &&
				     credential != NULL && read_credential(credential));
}

static void
run(void)
{
	GIOChannel *in = g_io_channel_unix_new(STDIN_FILENO);

	g_io_add_watch(in, (GIOCondition)(G_IO_IN | G_IO_HUP | G_IO_ERR), on_stdin, NULL);
	g_io_channel_unref(in);
	g_timeout_add_seconds(LIMIT_S, on_limit, NULL);
	listen_to_account();
	sign_on();
	g_main_loop_run(client.loop);
}

int
main(int argc, char **argv)
{
	if (!read_options(argc, argv)) {
		fputs(usage, stderr);
		return USAGE_STATUS;
	}
	client.loop = g_main_loop_new(NULL, FALSE);
	if (!start_libpurple())
		return EXIT_FAILURE;
	if (client.version)
		printf("libpurple %s, pidgin-sipe %s\n", purple_core_get_version(),
		    purple_plugin_get_version(purple_find_prpl(PROTOCOL)));
	else
		run();
	purple_core_quit();
	g_main_loop_unref(client.loop);
	return client.version || (client.signed_on && !client.failed) ? EXIT_SUCCESS
								      : EXIT_FAILURE;
}
