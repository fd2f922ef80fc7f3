/*
 * Submitting to a swap server (swap.h has the agreement): everything that the program is lies in its
 * own pages by then; what the library needs before its page table is right again, in guaranteed ones.
 */
#include <swap.h>
#include "process.h"
#include "table.h"

void swap_park(uint32_t word);
void swap_repair(void);

/* Called by swap_park when the pages are back. */
GUARANTEED void swap_repair(void)
{
    table_moved((const uint32_t *)G_ADDRESS(G_WINDOW), UPAGE_WORD(U_RETURNED));
}

static uint32_t physical_of(uint32_t mapping)
{
    return memory_env_record(UPAGE->envid)->guaranteed[mapping] & ~4095u;
}

/* After the return: the list of moves goes back; physical names that we keep are looked up. */
static void take_up(void)
{
    uint32_t list = physical_of(G_WINDOW) >> 12;

    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + G_WINDOW, 0, 0);
    aegis_unbind(AEGIS_KIND_PAGE, list);
    io_physical = physical_of(G_IO);
}

void swap_submit(uint32_t server)
{
    const volatile struct aegis_env *record = memory_env_record(UPAGE->envid);
    struct aegis_capability control;
    uint32_t words = SWAP_SUBMIT | G_WINDOW << SWAP_MAPPING_SHIFT | U_RETURNED << SWAP_WORD_SHIFT;

    if (aegis_mint(AEGIS_KIND_ENV, UPAGE->envid % AEGIS_ENV_COUNT, AEGIS_RIGHT_CONTROL, &control)
        < 0)
        return;
    UPAGE_WORD(U_RETURNED) = 0;
    transfer_admit(false);
    while (record->revoke_stage != AEGIS_REVOKE_NONE) {
        if (acall_to(server, words, control.tag[0], control.tag[1]) == 0) {
            swap_park(physical_of(G_UPAGE) + U_RETURNED);
            take_up();
            break;
        }
        yield_to(0);
    }
    transfer_admit(true);
}
