/* corpus_more.h - what header fields and reports mean, as lines of an expectation. */
#ifndef CORPUS_MORE_H
#define CORPUS_MORE_H

#include <mailaccess/mailaccess.h>
#include <stdio.h>

/* Writes a line for each Received field, for the mailing list, and for a report or a fragment that
 * this part is; nothing where there is none. */
void put_meanings(FILE *f, const mla_part *p);

#endif
