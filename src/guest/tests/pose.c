/*
 * pose SERVER VICTIM: means ill to a swap server and to an environment (envids in hexadecimal) that
 * is in its care or not. Submits itself when nobody asked it to, with a true capability and with a
 * false one; asks for the victim without a right to; floods the server; tries on the victim itself
 * what a server may do. Prints how many of its calls were not refused.
 */
#include <generated/abi-calls.h>
#include <generated/library-calls.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <swap.h>

#define FLOOD 500
#define PAGES 2048u
#define RECORDS_PER_PAGE (AEGIS_PAGE_SIZE / SIZEOF_PAGE)

static bool is_own(uint32_t page)
{
    static const struct aegis_page *records[PAGES / RECORDS_PER_PAGE];
    uint32_t i = page / RECORDS_PER_PAGE;

    if (!records[i])
        records[i] = exo_page_map_physical(AEGIS_EXPORT_PAGES / AEGIS_PAGE_SIZE + i, EXO_PROT_READ);
    return records[i][page % RECORDS_PER_PAGE].owner == exo_envid();
}

int main(int argc, char **argv)
{
    struct aegis_capability own;
    uint32_t server = argc > 2 ? strtoul(argv[1], NULL, 16) : 0;
    uint32_t victim = argc > 2 ? strtoul(argv[2], NULL, 16) : 0;
    uint32_t allowed = 0;

    aegis_mint(AEGIS_KIND_ENV, exo_envid() % AEGIS_ENV_COUNT, AEGIS_RIGHT_CONTROL, &own);
    uint32_t words = SWAP_SUBMIT | 62u << SWAP_MAPPING_SHIFT | 0x3a0u << SWAP_WORD_SHIFT;
    exo_send(server, words, own.tag[0], own.tag[1]);
    exo_sleep(8);
    exo_send(server, words, own.tag[0] ^ 1, own.tag[1]);
    exo_send(server, SWAP_RETURN, victim, 0);
    exo_sleep(8);
    for (uint32_t i = 0; i < FLOOD; i++)
        exo_send(server, i, i % 3 ? victim : i * 0x01010101u, ~i);
    for (uint32_t page = 0; page < PAGES; page++)
        allowed += !is_own(page) && aegis_page_give(page, exo_envid()) >= 0;
    allowed += aegis_env_set(victim, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) >= 0;
    allowed += aegis_env_set(victim, AEGIS_FIELD_RUN, 0, 0) >= 0;
    allowed += aegis_env_set(server, AEGIS_FIELD_UPAGE, AEGIS_ANY, 0) >= 0;
    allowed += aegis_mint(AEGIS_KIND_ENV, victim % AEGIS_ENV_COUNT, AEGIS_RIGHT_CONTROL, &own) >= 0;
    allowed += aegis_revoke(victim, AEGIS_KIND_ENV, 1, exo_envid()) >= 0;
    printf("pose: %u allowed\n", allowed);
    return 0;
}
