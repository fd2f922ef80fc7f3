/*
 * sentinel [-r] [-p PAGES] [-c CALLS] [-b BINDINGS] [-f FREE] [-s SERVER] [-n LOOKS]: an ordinary
 * environment that reads Aegis's exported tables a few times a second and prints a line for each
 * finding: hoarded pages, over-run slices, refused calls, bindings to strangers' pages, filters that
 * overlap. With -r it acts: pages of a hoarder are revoked, whoever goes on over-running or probing is
 * destroyed, and with the envid of a swap server room is made when fewer than FREE pages are free; if
 * it was given the machine owner's capability. Ends after LOOKS looks, or never.
 */
#include "sentinel.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABEL_SIZE 16
#define LOOK_TICKS 2 /* of 64 Hz */
#define BINDINGS_EVERY 16 /* looks: it reads a record for every page */

struct limits limits = { 192, 16, 16, 64 };

/* A label is what the environment says of itself: nothing in it may look like a line of ours. */
static void copy_label(char *to, const volatile uint8_t *label)
{
    for (uint32_t i = 0; i < LABEL_SIZE && label[i]; i++)
        *to++ = label[i] > ' ' && label[i] < 0x7f ? (char)label[i] : '?';
    *to = 0;
}

void finding(uint32_t envid, const char *format, ...)
{
    const volatile struct aegis_env *env = tables_env(envid & (AEGIS_ENV_COUNT - 1));
    char program[LABEL_SIZE + 1], libos[LABEL_SIZE + 1], text[128];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    copy_label(program, env->label);
    copy_label(libos, env->label + LABEL_SIZE);
    printf("sentinel: %08x %s (%s) %s\n", envid, program, libos, text);
}

static int usage(void)
{
    printf("usage: sentinel [-r] [-p PAGES] [-c CALLS] [-b BINDINGS] [-f FREE] [-s SERVER]"
           " [-n LOOKS]\n");
    return 2;
}

int main(int argc, char **argv)
{
    uint32_t looks = 0, server = 0;
    bool is_acting = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "-r") == 0) {
            is_acting = true;
            continue;
        }
        char *end;
        if (argv[i][0] != '-' || !argv[i][1] || argv[i][2] || i + 1 == argc)
            return usage();
        uint32_t *limit = argv[i][1] == 'p'   ? &limits.pages
                          : argv[i][1] == 'c' ? &limits.refusals
                          : argv[i][1] == 'b' ? &limits.bindings
                          : argv[i][1] == 'f' ? &limits.free
                          : argv[i][1] == 's' ? &server
                          : argv[i][1] == 'n' ? &looks
                                              : NULL;
        if (!limit)
            return usage();
        *limit = strtoul(argv[++i], &end, limit == &server ? 16 : 10);
        if (*end || end == argv[i] || *limit == 0)
            return usage();
    }
    if (!tables_map()) {
        printf("sentinel: cannot map the exported tables\n");
        return 1;
    }
    if (is_acting)
        act_enable();
    printf("sentinel: watching\n");
    for (uint32_t look = 0; looks == 0 || look < looks; look++) {
        environments_look();
        memory_look(server);
        if (look % BINDINGS_EVERY == 0) {
            bindings_look();
            filters_look();
        }
        exo_sleep(LOOK_TICKS);
    }
    return 0;
}
