/*
 * Messages by asynchronous transfers: three words each, of which mail.S keeps the last of every
 * sender in guaranteed memory. The slice of the sender goes along, so that a receiver that waits looks
 * at once.
 */
#include "process.h"
#include <generated/library-calls.h>

struct mail {
    uint32_t sender; /* 0: none */
    uint32_t words[3];
};

#define MAIL ((volatile struct mail *)G_MAIL)
_Static_assert(G_MAIL == (G_MAIL_HIGH << 16 | G_MAIL_LOW), "mail.S");

void acall_entry(void);

/* The entry reads who sent it in the own record, which must not miss. */
static void open(void)
{
    uint32_t at = AEGIS_EXPORT_ENVIRONMENTS + UPAGE->envid % AEGIS_ENV_COUNT * SIZEOF_ENV;

    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + G_RECORD, (at & ~4095u) | AEGIS_ENTRYLO_VALID, 0);
    UPAGE_WORD(U_RECORD) = G_ADDRESS(G_RECORD) + at % 4096;
    aegis_env_set(0, AEGIS_FIELD_ACALL, (uint32_t)acall_entry, 0);
}

static bool take(struct exo_message *into)
{
    for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++) {
        if (MAIL[slot].sender == 0)
            continue;
        into->sender = MAIL[slot].sender;
        for (uint32_t i = 0; i < 3; i++)
            into->words[i] = MAIL[slot].words[i];
        MAIL[slot].sender = 0;
        return true;
    }
    return false;
}

int exo_receive(struct exo_message *into, uint32_t deadline)
{
    if (UPAGE_WORD(U_RECORD) == 0)
        open();
    for (;;) {
        uint32_t seen = UPAGE_WORD(U_MAIL_COUNT);
        if (take(into))
            return 1;
        if (deadline != 0 && (int32_t)(exo_ticks() - deadline) >= 0)
            return 0;
        process_enter();
        if (UPAGE->pending)
            pending();
        else
            process_wait(memory_env_record(UPAGE->envid)->upage % 0x20000000u + U_MAIL_COUNT, seen,
                         deadline);
        process_leave();
    }
}

int exo_send(uint32_t envid, uint32_t first, uint32_t second, uint32_t third)
{
    int result = acall_to(envid, first, second, third);

    return result < 0 ? process_fail(-result) : 0;
}
