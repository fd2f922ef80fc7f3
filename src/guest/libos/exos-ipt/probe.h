/*
 * The probe sequence of the hash table, for C and assembler. A large odd step instead of the next
 * slot: areas of contiguous pages hash to runs of slots, and two such runs on top of each other
 * would push entries to the end of both.
 */
#ifndef EXOS_IPT_PROBE_H
#define EXOS_IPT_PROBE_H

#define STEP 853
#define STEP_INVERSE 509 /* modulo 4096: steps between two slots are their distance times this */

#endif
