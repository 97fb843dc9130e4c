/* roots.c - see roots.h */
#include "net/roots.h"

#include "base/buf.h"
#include "base/fail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/stat.h>

/* All roots of a system are half a mebibyte; more than this is something else. */
enum { FILE_MAX = 16 << 20, READ_STEP = 65536, PATH_TEXT = 4096 };

static int read_all(int fd, struct buf *b)
{
    for (;;) {
        uint8_t *room = buf_room(b, READ_STEP);
        ssize_t n;

        if (room == NULL)
            return b->failed == MLA_E_LIMIT ? EFBIG : ENOMEM;
        n = read(fd, room, READ_STEP);
        if (n == 0)
            return 0;
        if (n < 0 && errno != EINTR)
            return errno;
        if (n > 0)
            buf_grew(b, (size_t)n);
    }
}

int roots_add_file(struct tls_roots *r, const char *path, mla_error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct buf b;
    int sys_code;
    int rc;

    if (fd < 0)
        return fail_sys(err, MLA_E_ARG, errno, "cannot open %s", path);
    buf_init(&b, mem_default(), FILE_MAX);
    sys_code = read_all(fd, &b);
    close(fd);
    if (sys_code == ENOMEM)
        rc = fail(err, MLA_E_NOMEM, "out of memory");
    else if (sys_code != 0)
        rc = fail_sys(err, MLA_E_ARG, sys_code, "cannot read %s", path);
    else
        rc = tls_roots_add(r, b.ptr, b.len, path, err);
    buf_free(&b);
    return rc;
}

/* 0 also for a file without a certificate: folders hold other things as well. */
static int add_entry(struct tls_roots *r, const char *path, const char *name, mla_error *err)
{
    char full[PATH_TEXT];
    struct stat st;
    int n = snprintf(full, sizeof full, "%s/%s", path, name);
    int rc;

    if (n < 0 || (size_t)n >= sizeof full || stat(full, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    rc = roots_add_file(r, full, NULL);
    return rc == MLA_E_NOMEM ? fail(err, rc, "out of memory") : 0;
}

int roots_add_path(struct tls_roots *r, const char *path, mla_error *err)
{
    size_t before = tls_roots_count(r);
    DIR *dir = opendir(path);
    const struct dirent *entry;
    int rc = 0;

    if (dir == NULL)
        return fail_sys(err, MLA_E_ARG, errno, "cannot open the folder %s", path);
    while (rc == 0 && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            rc = add_entry(r, path, entry->d_name, err);
    closedir(dir);
    if (rc == 0 && tls_roots_count(r) == before)
        rc = fail(err, MLA_E_ARG, "no certificate in the files of %s", path);
    return rc;
}

int roots_add_system(struct tls_roots *r, mla_error *err)
{
    static const char *const places[] = {
        "/etc/ssl/certs/ca-certificates.crt",                /* Debian, Ubuntu, Arch, Gentoo */
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* Fedora, RHEL */
        "/etc/pki/tls/certs/ca-bundle.crt",                  /* older ones of them */
        "/var/lib/ca-certificates/ca-bundle.pem",            /* openSUSE */
        "/etc/ssl/ca-bundle.pem",                            /* SUSE */
        "/etc/ssl/cert.pem",                                 /* Alpine, macOS, OpenBSD, FreeBSD */
        "/usr/local/etc/ssl/cert.pem",                       /* FreeBSD */
        "/etc/openssl/certs/ca-certificates.crt",            /* NetBSD */
        "/opt/homebrew/etc/ca-certificates/cert.pem",
    };
    const char *own = geteuid() == getuid() ? getenv("SSL_CERT_FILE") : NULL;

    if (own != NULL && own[0] != '\0')
        return roots_add_file(r, own, err);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        int rc = roots_add_file(r, places[i], NULL);

        if (rc == MLA_E_NOMEM)
            return fail(err, rc, "out of memory");
        if (rc == 0)
            break;
    }
    return 0;
}
