/*
 * share lend COUNT: owns pages and a packet filter, prints a capability of the first page, which
 * holds those of all the others. share bind W W W W: binds to all of them by these four words, and
 * installs a filter that overlaps. Both then stay. For programs that watch who is bound to what.
 */
#include <generated/abi-calls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT_MAX 64
#define RIGHTS (AEGIS_RIGHT_READ | AEGIS_RIGHT_WRITE)

struct shared {
    struct aegis_atom atom; /* of the filter: what to install again */
    uint32_t count;
    struct aegis_capability filter;
    struct aegis_capability page[COUNT_MAX];
};

static int fail(const char *what)
{
    printf("share: %s\n", what);
    return 1;
}

static int lend(uint32_t count)
{
    struct aegis_capability first;
    int page = aegis_page_alloc(AEGIS_ANY, &first);
    struct shared *shared =
        page < 0 ? NULL : exo_page_map_physical((uint32_t)page, EXO_PROT_READ | EXO_PROT_WRITE);

    if (!shared || count == 0 || count > COUNT_MAX)
        return fail("no page");
    shared->count = count;
    shared->atom.op = AEGIS_ATOM_EQUAL;
    shared->atom.size = 2;
    shared->atom.offset = 12;
    shared->atom.mask = 0xffff;
    shared->atom.value = 0x88b5;
    if (aegis_filter_install((uint32_t)page << 12, 1, 0, &shared->filter) < 0)
        return fail("no filter");
    for (uint32_t i = 1; i < count; i++)
        if (aegis_page_alloc(AEGIS_ANY, &shared->page[i]) < 0)
            return fail("no page");
    printf("share: %u %u %u %u\n", first.name, first.rights, first.tag[0], first.tag[1]);
    return 0;
}

static int borrow(char **words)
{
    struct aegis_capability made, first = {
        strtoul(words[0], NULL, 10),
        strtoul(words[1], NULL, 10),
        { strtoul(words[2], NULL, 10), strtoul(words[3], NULL, 10) },
    };
    int page = aegis_bind(&first, 0);
    const struct shared *shared =
        page < 0 ? NULL : exo_page_map_physical((uint32_t)page, EXO_PROT_READ);

    if (!shared || aegis_bind(&shared->filter, 0) < 0)
        return fail("not a capability");
    for (uint32_t i = 1; i < shared->count; i++)
        if (aegis_bind(&shared->page[i], 0) < 0)
            return fail("not a capability");
    if (aegis_filter_install((uint32_t)page << 12, 1, 0, &made) < 0)
        return fail("no filter");
    printf("share: bound to %u pages, filter installed\n", shared->count);
    return 0;
}

int main(int argc, char **argv)
{
    int result = argc == 3 && strcmp(argv[1], "lend") == 0   ? lend(strtoul(argv[2], NULL, 10))
                 : argc == 6 && strcmp(argv[1], "bind") == 0 ? borrow(argv + 2)
                                                             : fail("lend COUNT | bind W W W W");

    while (result == 0)
        exo_sleep(64);
    return result;
}
