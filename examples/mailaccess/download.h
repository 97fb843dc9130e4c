/* download.h - what the two protocols share when everything is downloaded. */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "connect.h"
#include "deliver.h"
#include "progress.h"

struct download {
    struct conn k;
    struct deliver to;
    struct progress progress;
    int failed;    /* an exit status: some message did not come, others did */
    uint64_t gone; /* known messages whose files are no longer there */
};

/* 0 or an exit status. */
int download_imap(struct download *d);
int download_pop3(struct download *d);

#endif
