/* The sentinel's parts: the exported tables it reads, what it looks for, what it does about it. */
#ifndef SENTINEL_H
#define SENTINEL_H

#include <generated/abi-calls.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* From when on something is a finding; main.c sets them from the command line. */
struct limits {
    uint32_t pages; /* owned by one environment */
    uint32_t refusals; /* of calls, since the last finding */
    uint32_t bindings; /* to pages of strangers */
    uint32_t free; /* pages that should be */
};
extern struct limits limits;

/* tables.c: Aegis's exported tables, mapped once. */
bool tables_map(void);
const volatile struct aegis_header *tables_header(void);
const volatile struct aegis_env *tables_env(uint32_t slot);
const volatile struct aegis_page *tables_page(uint32_t page);
const volatile struct aegis_filter *tables_filter(uint32_t filter);
const volatile struct aegis_atom *tables_atoms(uint32_t filter);
/* True when there is such an environment, alive, that the sentinel watches: not the owner's own. */
bool tables_is_watched(const volatile struct aegis_env *env);

/* environments.c, bindings.c: one look each; print findings that are new. */
void environments_look(void);
void bindings_look(void);
void filters_look(void);
/* memory.c: with a swap server. */
void memory_look(uint32_t server);

/* Prints `sentinel: ENVID PROGRAM (LIBOS)` and what follows, one line. */
void finding(uint32_t envid, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* act.c: with -r only. Aegis may refuse. */
void act_enable(void);
void act_revoke_pages(uint32_t envid, uint32_t count);
void act_destroy(uint32_t envid);
void act_swap(uint32_t envid, uint32_t server);

#endif
