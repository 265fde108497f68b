#include "lab/users.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "vocab/err.h"
#include "base/secret.h"
#include "crypto/crypto.h"
#include "lab/files.h"

#define FIELDS_MAX	6 /* fields of a line */
#define PASSWORD_OCTETS 9

static bool
bad_line(struct err *err, const char *file, unsigned line, const char *what)
{
	err_local(err, EINVAL, "%s:%u: %s", file, line, what);
	return false;
}

static unsigned
cut_fields(struct str line, struct str field[FIELDS_MAX + 1])
{
	unsigned n = 0;

	while (line.p != NULL && n <= FIELDS_MAX) {
		line = str_split(line, ',', &field[n]);
		field[n] = str_trim(field[n]);
		n++;
	}
	return n;
}

/*
 * Returns whether an account is usable. The user file of gss-ntlmssp has ':' between its
 * fields, so neither part may contain one.
 */
static bool
account_ok(struct str a)
{
	const char *slash = a.len == 0 ? NULL : memchr(a.p, '\\', a.len);

	return slash != NULL && slash != a.p && slash + 1 != a.p + a.len &&
	       memchr(slash + 1, '\\', (size_t)(a.p + a.len - slash - 1)) == NULL &&
	       memchr(a.p, ':', a.len) == NULL;
}

static bool
parse_optional(const struct str *field, unsigned n, struct lab_user *u)
{
	u->enabled = true;
	if (n > 3 && str_caseeq(field[n - 1], "disabled")) {
		u->enabled = false;
		n--;
	}
	if (n == 3)
		return true;
	return n == 5 && field[3].len > 0 && field[4].len > 0 &&
	       str_copy(u->phone, sizeof(u->phone), field[3]) &&
	       str_copy(u->pin, sizeof(u->pin), field[4]);
}

/*
 * Returns whether a text has control characters: a NUL would cut a password, others would
 * be sent to terminals.
 */
static bool
has_control(struct str s)
{
	for (size_t i = 0; i < s.len; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

static bool
parse_line(struct str line, struct lab_user *u, const char **why)
{
	struct str field[FIELDS_MAX + 1];
	unsigned n = cut_fields(line, field);

	*why = "a line is SIP-ADDRESS,DOMAIN\\USER,PASSWORD[,PHONE,PIN][,disabled]";
	if (n < 3 || n > FIELDS_MAX || !parse_optional(field, n, u))
		return false;
	*why = "control characters are allowed in no field";
	for (unsigned i = 0; i < n; i++)
		if (has_control(field[i]))
			return false;
	*why = "the first field must be a SIP address such as sip:alice@lab.example";
	if (!sip_address_parse(field[0], u->address))
		return false;
	*why = "the second field must be DOMAIN\\USER, without ':'";
	if (!account_ok(field[1]) || !str_copy(u->account, sizeof(u->account), field[1]))
		return false;
	*why = "the password is empty or too long";
	return field[2].len > 0 && str_copy(u->password, sizeof(u->password), field[2]);
}

/*
 * Sets the names of the files: the user part of the address, unless two addresses share
 * it or it cannot be a file name.
 */
static void
name_files(struct lab_users *u)
{
	for (size_t i = 0; i < u->n; i++) {
		struct str part;
		bool shared = false;

		str_split(str_of(u->v[i].address), '@', &part);
		for (size_t j = 0; j < u->n && !shared; j++) {
			struct str other;

			str_split(str_of(u->v[j].address), '@', &other);
			shared = j != i && other.len == part.len &&
				 strncmp(other.p, part.p, part.len) == 0;
		}
		str_copy(u->v[i].file, sizeof(u->v[i].file),
		    shared ? str_of(u->v[i].address) : part);
		for (char *p = u->v[i].file; *p != '\0'; p++)
			if (*p == '/' || (p == u->v[i].file && *p == '.'))
				*p = '_';
	}
}

static bool
add_user(struct lab_users *u, const struct lab_user *one)
{
	struct lab_user *v = realloc(u->v, (u->n + 1) * sizeof(*v));

	if (v == NULL)
		return false;
	u->v = v;
	u->v[u->n++] = *one;
	return true;
}

bool
lab_users_parse(struct str text, const char *file, struct lab_users *ret, struct err *err)
{
	struct lab_users u = { NULL, 0 };
	unsigned number = 0;
	bool ok = true;

	while (ok && text.p != NULL) {
		struct lab_user one = { .enabled = true };
		const char *why;
		struct str line;

		text = str_split(text, '\n', &line);
		line = str_trim(line);
		number++;
		if (line.len == 0 || line.p[0] == '#')
			continue;
		if (!parse_line(line, &one, &why))
			ok = bad_line(err, file, number, why);
		else if (lab_users_by_address(&u, str_of(one.address)) != NULL)
			ok = bad_line(err, file, number,
			    "this SIP address stands in the file already");
		else if (lab_users_by_account(&u, str_of(one.account)) != NULL)
			ok = bad_line(
			    err, file, number, "this account stands in the file already");
		else if (u.n == USERS_MAX || !add_user(&u, &one))
			ok = bad_line(err, file, number, "too many users");
		secret_wipe(&one, sizeof(one));
	}
	if (ok && u.n == 0)
		ok = bad_line(err, file, number, "there is no user in this file");
	if (!ok) {
		lab_users_free(&u);
		return false;
	}
	name_files(&u);
	*ret = u;
	return true;
}

void
lab_users_free(struct lab_users *u)
{
	if (u->v != NULL)
		secret_wipe(u->v, u->n * sizeof(*u->v));
	free(u->v);
	*u = (struct lab_users){ NULL, 0 };
}

void
lab_users_default(struct buf *out)
{
	static const char *const names[] = { "alice", "bob", "carol" };

	buf_puts(out, "# SIP-ADDRESS,DOMAIN\\USER,PASSWORD[,PHONE,PIN][,disabled]\n");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		uint8_t random[PASSWORD_OCTETS];
		char hex[2 * PASSWORD_OCTETS + 1];

		crypto_random(random, sizeof(random));
		crypto_hex(hex, random, sizeof(random));
		buf_printf(
		    out, "sip:%s@lab.example,LAB\\%s,Lab-%s\n", names[i], names[i], hex);
		secret_wipe(hex, sizeof(hex));
	}
}

struct lab_user *
lab_users_by_address(const struct lab_users *u, struct str address)
{
	if (str_caseprefix(address, "sip:")) {
		address.p += 4;
		address.len -= 4;
	}
	for (size_t i = 0; i < u->n; i++)
		if (str_caseeq(address, u->v[i].address))
			return &u->v[i];
	return NULL;
}

struct lab_user *
lab_users_by_account(const struct lab_users *u, struct str account)
{
	for (size_t i = 0; i < u->n; i++)
		if (str_caseeq(account, u->v[i].account))
			return &u->v[i];
	return lab_users_by_address(u, account);
}

static bool
write_one(const struct lab_user *u, const char *credentials, const char *secrets,
    struct err *err)
{
	char path[FILES_PATH_MAX];
	struct buf b;
	bool ok;

	buf_init(&b, 4 * USERS_FIELD_MAX);
	buf_printf(&b, "%s\n%s\n", u->account, u->password);
	ok = lab_files_path(path, credentials, u->file, err) &&
	     lab_files_write(path, 0600, buf_view(&b), err);
	buf_wipe_free(&b);
	if (!ok)
		return false;
	buf_init(&b, 4 * USERS_FIELD_MAX);
	buf_printf(&b, "%s\n", u->password);
	ok = lab_files_path(path, secrets, u->file, err) &&
	     lab_files_write(path, 0600, buf_view(&b), err);
	buf_wipe_free(&b);
	return ok;
}

static bool
write_ntlm(const struct lab_users *u, const char *dir, struct err *err)
{
	char path[FILES_PATH_MAX];
	struct buf b;
	bool ok;

	buf_init(&b, u->n * (3 * USERS_FIELD_MAX) + 1);
	for (size_t i = 0; i < u->n; i++) {
		struct str domain;
		struct str name = str_split(str_of(u->v[i].account), '\\', &domain);

		buf_str(&b, domain);
		buf_putc(&b, ':');
		buf_str(&b, name);
		buf_printf(&b, ":%s\n", u->v[i].password);
	}
	ok = !b.failed && lab_files_path(path, dir, "ntlm-users", err) &&
	     lab_files_write(path, 0600, buf_view(&b), err);
	buf_wipe_free(&b);
	return ok;
}

bool
lab_users_write(const struct lab_users *u, const char *dir, struct err *err)
{
	char credentials[FILES_PATH_MAX], secrets[FILES_PATH_MAX];

	if (!lab_files_path(credentials, dir, "credentials", err) ||
	    !lab_files_mkdir(credentials, 0700, err) ||
	    !lab_files_path(secrets, dir, "secrets", err) ||
	    !lab_files_mkdir(secrets, 0700, err))
		return false;
	for (size_t i = 0; i < u->n; i++)
		if (!write_one(&u->v[i], credentials, secrets, err))
			return false;
	return write_ntlm(u, dir, err);
}
