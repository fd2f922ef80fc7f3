/*
 * hoard keep|twice|give: holds pages, a packet filter and a tile of the screen, busy without end,
 * for a host that revokes resources from it and measures. `give` gives pages from the end of its
 * area as soon as it is asked; `keep` answers nothing, so that everything is repossessed: pages that
 * it needs to go on as well; `twice` neither, and has every page in two places. It has said its
 * first line when it holds them.
 */
#include <generated/abi.h>
#include <net.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PAGE_SIZE 4096u
#define AREA 0x20000000u
#define PAGE_COUNT 128u

static uint32_t kept = PAGE_COUNT;

static uint32_t give_back(uint32_t wanted)
{
    uint32_t count = wanted < kept ? wanted : kept;

    kept -= count;
    return (uint32_t)exo_page_unmap((void *)(AREA + kept * PAGE_SIZE), count);
}

/* Maps every page that it owns once more: which these are, Aegis's exported records say. */
static void map_again(void)
{
    const uint32_t per_page = PAGE_SIZE / SIZEOF_PAGE;
    const struct aegis_header *header =
        exo_page_map_physical(AEGIS_EXPORT_HEADER / PAGE_SIZE, EXO_PROT_READ);
    uint32_t sum = 0;

    for (uint32_t page = 0; header && page < header->page_count; page += per_page) {
        const struct aegis_page *records = exo_page_map_physical(
            AEGIS_EXPORT_PAGES / PAGE_SIZE + page / per_page, EXO_PROT_READ);
        for (uint32_t i = 0; records && i < per_page; i++) {
            const volatile uint32_t *again = NULL;
            if (records[i].owner == exo_envid())
                again = exo_page_map_physical(page + i, EXO_PROT_READ);
            if (again)
                sum += *again;
        }
    }
    (void)sum;
}

static void lose(uint32_t address)
{
    (void)address;
}

/* A port of UDP that nobody else wants, without a ring. */
static int32_t take_filter(void)
{
    static const struct aegis_atom atoms[] = {
        NET_EQUAL16(12, 0x0800), NET_EQUAL8(14, 0x45), NET_EQUAL8(23, 17), NET_EQUAL16(36, 9),
    };
    static struct net_port port;

    return net_open(&port, atoms, sizeof atoms / sizeof *atoms, 0);
}

int main(int argc, char **argv)
{
    volatile uint32_t *area =
        exo_page_map((void *)AREA, PAGE_COUNT, EXO_PROT_READ | EXO_PROT_WRITE);

    if (argc != 2 || (strcmp(argv[1], "keep") != 0 && strcmp(argv[1], "twice") != 0
                      && strcmp(argv[1], "give") != 0)) {
        printf("usage: hoard keep|twice|give\n");
        return 2;
    }
    if (!area) {
        printf("hoard: cannot map %u pages\n", PAGE_COUNT);
        return 1;
    }
    if (take_filter() < 0)
        printf("hoard: no filter\n");
    if (!exo_tile_map(0, 1))
        printf("hoard: no tile\n");
    for (uint32_t i = 0; i < PAGE_COUNT; i++)
        area[i * PAGE_SIZE / 4] = i + 1;
    if (argv[1][0] == 't')
        map_again();
    if (argv[1][0] == 'g')
        exo_on_revoke(give_back);
    else
        exo_on_revoke((uint32_t(*)(uint32_t))EXO_REVOKE_IGNORE);
    exo_on_repossession(lose);
    printf("hoard: %u pages\n", PAGE_COUNT);
    for (;;)
        ;
}
