/* seen_api.c - see mailaccess/seen.h */
#include "mailaccess/seen.h"

#include "api/config_api.h"
#include "base/fail.h"
#include "collect/seen_file.h"

#include <string.h>

struct mla_seen_file {
    mla_config *cfg; /* held */
    struct seen_file *file;
};

int mla_seen_file_open(mla_config *cfg, const char *path, mla_seen_file **out_f, mla_error *out_err)
{
    mla_config *held;
    mla_seen_file *f;
    int rc;

    if (out_f == NULL)
        return MLA_E_ARG;
    *out_f = NULL;
    if (out_err != NULL)
        memset(out_err, 0, sizeof *out_err);
    if (path == NULL)
        return fail(out_err, MLA_E_ARG, "no name of a file given");
    rc = config_hold(cfg, &held);
    if (rc != 0)
        return fail(out_err, rc, "%s", fail_text(rc));
    f = mem_zero(&held->mem, sizeof *f);
    rc = f == NULL ? fail(out_err, MLA_E_NOMEM, "%s", fail_text(MLA_E_NOMEM))
                   : seen_file_open(&held->mem, path, &f->file, out_err);
    if (rc != 0) {
        mem_free(&held->mem, f);
        config_drop(held);
        return rc;
    }
    f->cfg = held;
    *out_f = f;
    return 0;
}

void mla_seen_file_close(mla_seen_file *f)
{
    mla_config *held;

    if (f == NULL)
        return;
    held = f->cfg;
    seen_file_close(f->file);
    mem_free(&held->mem, f);
    config_drop(held);
}

int mla_seen_file_store(mla_seen_file *f, const char *source, mla_seen_store *out_store)
{
    if (f == NULL || source == NULL || out_store == NULL)
        return MLA_E_ARG;
    return seen_file_store(f->file, (mla_str){source, strlen(source)}, out_store);
}

int mla_seen_file_has_note(const mla_seen_file *f, const char *note)
{
    if (f == NULL || note == NULL || note[0] == '\0')
        return 0;
    return seen_file_has_note(f->file, (mla_str){note, strlen(note)});
}

uint64_t mla_seen_file_count(const mla_seen_file *f)
{
    return f != NULL ? seen_file_count(f->file) : 0;
}

uint64_t mla_seen_file_damaged(const mla_seen_file *f)
{
    return f != NULL ? seen_file_damaged(f->file) : 0;
}

void mla_seen_file_error(const mla_seen_file *f, mla_error *out_err)
{
    if (out_err == NULL)
        return;
    memset(out_err, 0, sizeof *out_err);
    if (f != NULL)
        seen_file_error(f->file, out_err);
}

int mla_seen_file_compact(mla_seen_file *f)
{
    return f != NULL ? seen_file_compact(f->file) : MLA_E_ARG;
}
