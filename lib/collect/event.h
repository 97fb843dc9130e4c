/* event.h - one event of a collector. */
#ifndef MLA_COLLECT_EVENT_H
#define MLA_COLLECT_EVENT_H

#include "mailaccess/collect_types.h"

struct mla_collect_event {
    int32_t type; /* MLA_COLLECT_EV_*; 0: nothing */
    mla_collect_plan plan;
    mla_collect_message message;
    mla_collect_warning warning;
    mla_collect_summary summary;
    const uint8_t *chunk;
    size_t chunk_len;
    uint64_t chunk_offset;
};

#endif
