/*
 * Lists environments, straight from Aegis's exported tables: identity, state, library OS, what each
 * owns, ticks it had. Any program may read them; no call of Aegis is involved once the pages are
 * mapped.
 */
#include <stdio.h>
#include <unistd.h>

static const char *const states[] = {
    "free", "new", "ready", "running", "saving", "restoring", "away", "waiting", "dead",
};

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        printf("usage: ps\n");
        return 2;
    }
    const struct aegis_header *header = exo_page_map_physical(AEGIS_EXPORT_HEADER / 4096,
                                                              EXO_PROT_READ);

    printf("env      parent   state     pages slices ticks  libos    program\n");
    for (uint32_t page = 0; page < AEGIS_ENV_COUNT / 4; page++) {
        const struct aegis_env *records =
            exo_page_map_physical(AEGIS_EXPORT_ENVIRONMENTS / 4096 + page, EXO_PROT_READ);
        if (!records || !header) {
            printf("ps: cannot map the exported tables\n");
            return 1;
        }
        for (uint32_t i = 0; i < 4; i++) {
            const struct aegis_env *env = &records[i];
            if (env->id == 0)
                continue;
            printf("%08x %08x %-9s %5u %6u %5u  %-8.16s %.16s\n", env->id, env->parent,
                   env->state < 9 ? states[env->state] : "?", env->page_count, env->slice_count,
                   env->tick_count, (const char *)env->label + 16, (const char *)env->label);
        }
    }
    printf("%u pages, %u free; %u ticks\n", header->page_count, header->free_count,
           header->tick_count);
    return 0;
}
