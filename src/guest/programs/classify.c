/*
 * classify: the paper's Table 7. Ten TCP/IP filters are installed; the classifier that Aegis
 * compiles from them is copied out of its exported pages and run here, in user space, as the paper
 * ran it: warm, over and over; and cold, from the start of each of 64 contiguous pages in turn.
 * Frames have the layout that the IOASIC leaves in memory. A host measures between the marks
 * (bench.h).
 */
#include <bench.h>
#include <generated/abi-calls.h>
#include <generated/library-calls.h>
#include <stdio.h>
#include <string.h>

#define FILTERS 10u
#define PAGES 64u
#define ROUNDS 10u
#define LOOP_COUNT 1000u
#define FRAME_BYTES 60u

typedef int32_t classifier(uint32_t frame, uint32_t length);

/* 16 bytes of a frame, then 16 that are free. */
static uint8_t frames[FILTERS][2 * 512] __attribute__((aligned(32)));
static int32_t filters[FILTERS];

static int32_t claim_nothing(uint32_t frame, uint32_t length)
{
    (void)frame, (void)length;
    return -1;
}

static void put(uint8_t *frame, uint32_t at, uint32_t value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++, at++)
        frame[at + (at & ~15u)] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
}

/* One connection of a server's port 80: everything about its frames but their content. */
static int32_t install(uint32_t n, struct aegis_atom *atoms, uint32_t physical)
{
    const uint32_t source = 0x0a000001 + n % 3, port = 1024 + 37 * n;
    const struct aegis_atom session[] = {
        {.op = AEGIS_ATOM_EQUAL, .size = 2, .offset = 12, .mask = 0xffff, .value = 0x0800},
        {.op = AEGIS_ATOM_EQUAL, .size = 1, .offset = 14, .mask = 0xff, .value = 0x45},
        {.op = AEGIS_ATOM_EQUAL, .size = 1, .offset = 23, .mask = 0xff, .value = 6},
        {.op = AEGIS_ATOM_EQUAL, .size = 4, .offset = 26, .mask = 0xffffffff, .value = source},
        {.op = AEGIS_ATOM_EQUAL, .size = 4, .offset = 30, .mask = 0xffffffff, .value = 0x0a00000f},
        {.op = AEGIS_ATOM_EQUAL, .size = 2, .offset = 34, .mask = 0xffff, .value = port},
        {.op = AEGIS_ATOM_EQUAL, .size = 2, .offset = 36, .mask = 0xffff, .value = 80},
    };
    const uint32_t count = sizeof session / sizeof *session;

    memcpy(atoms, session, sizeof session);
    for (uint32_t i = 0; i < count; i++)
        put(frames[n], session[i].offset, session[i].value, session[i].size);
    return aegis_filter_install(physical, count, 0, 0);
}

/* A page of our own and its physical address. */
static void *own_page(uint32_t *physical)
{
    int32_t page = aegis_page_alloc(AEGIS_ANY, 0);

    *physical = (uint32_t)page * AEGIS_PAGE_SIZE;
    return page < 0 ? NULL : exo_page_map_physical((uint32_t)page, EXO_PROT_READ | EXO_PROT_WRITE);
}

static int check(classifier *classify)
{
    for (uint32_t n = 0; n < FILTERS; n++)
        if (classify((uint32_t)frames[n], FRAME_BYTES) != filters[n])
            return 0;
    return 1;
}

/* Each loop: one frame after the other, the counting and the call included. */
static void run(classifier *classify, uint32_t experiment)
{
    for (int round = 0; round < 4; round++) {
        bench_begin(experiment);
        for (uint32_t i = 0; i < LOOP_COUNT / FILTERS; i++)
            for (uint32_t n = 0; n < FILTERS; n++)
                classify((uint32_t)frames[n], FRAME_BYTES);
        bench_end(experiment);
    }
}

static void run_cold(uint8_t *const *pages)
{
    uint32_t n = 0;

    for (int round = 0; round < 2; round++) {
        bench_begin(BENCH_CLASSIFY_COLD);
        for (uint32_t i = 0; i < ROUNDS; i++)
            for (uint32_t page = 0; page < PAGES; page++) {
                ((classifier *)(void *)pages[page])((uint32_t)frames[n], FRAME_BYTES);
                n = n + 1 == FILTERS ? 0 : n + 1;
            }
        bench_end(BENCH_CLASSIFY_COLD);
    }
}

int main(void)
{
    const struct aegis_network *network =
        exo_page_map_physical(AEGIS_EXPORT_ASHS / AEGIS_PAGE_SIZE, EXO_PROT_READ);
    static uint8_t *pages[PAGES];
    uint32_t physical, bytes;
    const uint8_t *code = NULL;
    struct aegis_atom *atoms = own_page(&physical);

    network = (const void *)((const uint8_t *)network + AEGIS_EXPORT_NETWORK % AEGIS_PAGE_SIZE);
    for (uint32_t n = 0; atoms && n < FILTERS; n++) {
        filters[n] = install(n, atoms, physical);
        if (filters[n] < 0) {
            printf("classify: filter %u refused (%d)\n", (unsigned)n, (int)filters[n]);
            return 1;
        }
    }
    bytes = 4 * network->code_count;
    if (!atoms || network->layout != 16 || bytes > AEGIS_PAGE_SIZE) {
        printf("classify: not on this machine\n");
        return 1;
    }
    code = exo_page_map_physical(network->code_address / AEGIS_PAGE_SIZE, EXO_PROT_READ);
    for (uint32_t page = 0; page < PAGES; page++) {
        pages[page] = own_page(&physical);
        if (!pages[page]) {
            printf("classify: no memory\n");
            return 1;
        }
        memcpy(pages[page], code, bytes);
        aegis_cache_flush(physical, AEGIS_PAGE_SIZE);
        if (!check((classifier *)(void *)pages[page])) {
            printf("classify: a frame went to the wrong filter\n");
            return 1;
        }
    }
    run((classifier *)(void *)pages[7], BENCH_CLASSIFY_WARM);
    run(claim_nothing, BENCH_CLASSIFY_EMPTY);
    run_cold(pages);
    printf("classify: %u filters, %u instructions, %u nodes\n", FILTERS,
           (unsigned)network->code_count, (unsigned)network->node_count);
    return 0;
}
