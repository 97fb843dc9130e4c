/* identity.c - see identity.h */
#include "identity.h"

#include "cli.h"
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* The whole of a small file. Not through a FILE, whose buffer would keep the key. */
static int read_all(const char *what, const char *path, struct secret *out)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = 1;

    out->text = fd >= 0 ? calloc(1, SECRET_MAX + 1) : NULL;
    out->len = 0;
    while (out->text != NULL && n > 0 && out->len < SECRET_MAX) {
        n = read(fd, out->text + out->len, SECRET_MAX - out->len);
        if (n > 0)
            out->len += (size_t)n;
    }
    if (fd < 0 || out->text == NULL || n < 0) {
        int err = errno;

        if (fd >= 0)
            close(fd);
        secret_wipe(out);
        return cli_fail_file(EXIT_NO_INPUT, what, path, err);
    }
    close(fd);
    return 0;
}

int identity_load(mla_config *cfg, const char *cert, const char *key)
{
    struct secret c = {NULL, 0};
    struct secret k = {NULL, 0};
    mla_error err;
    int status;

    if (cert == NULL)
        return key == NULL ? 0 : cli_fail(EXIT_USAGE, "--client-key: --client-cert is missing");
    status = read_all("read the client certificate", cert, &c);
    if (status == 0)
        status = read_all("read the client key", key != NULL ? key : cert, &k);
    if (status == 0 &&
        mla_config_set_client_certificate(cfg, c.text, c.len, k.text, k.len, NULL, &err) != 0)
        status = cli_fail(EXIT_DATA, "--client-cert=%s: %s", cert, err.message);
    secret_wipe(&c);
    secret_wipe(&k);
    return status;
}
