/*
 * prowl CALLS [LABEL]: makes calls that Aegis refuses, a few a tick, for programs that watch for it; ends
 * with 0 when each was refused for the reason it should be, and when the count in the environment's
 * record moved by exactly as many. With LABEL its name becomes a new line and an escape.
 */
#include <generated/abi-calls.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int attempt(uint32_t number)
{
    static const struct aegis_capability forged = { AEGIS_KIND_PAGE << 24 | 1, 3u << 24, { 1, 2 } };
    register uint32_t v0 __asm__("$2") = AEGIS_CALL_COUNT + number;

    switch (number % 5) {
    case 0:
        return aegis_revoke(exo_envid(), AEGIS_KIND_PAGE, 1, 0) == -E_RIGHTS;
    case 1:
        return aegis_bind(&forged, 0) == -E_CAPABILITY;
    case 2:
        return aegis_page_free(0) == -E_OWNER;
    case 3:
        return aegis_tlb_write(0x30000000, AEGIS_ENTRYLO_VALID) < 0;
    default:
        __asm__ volatile("syscall" : "+r"(v0) : : "memory");
        return (int)v0 == -E_CALL;
    }
}

int main(int argc, char **argv)
{
    uint32_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;
    uint32_t slot = exo_envid() & (AEGIS_ENV_COUNT - 1);
    const volatile uint8_t *records =
        exo_page_map_physical(AEGIS_EXPORT_ENVIRONMENTS / AEGIS_PAGE_SIZE + slot / 4, EXO_PROT_READ);
    const volatile struct aegis_env *env = (const volatile void *)(records + slot % 4 * SIZEOF_ENV);
    uint32_t before = env->refused_count, wrong = 0;

    if (argc > 2)
        aegis_env_set(0, AEGIS_FIELD_LABEL, '\n' | '\033' << 8 | 'p' << 16 | 'x' << 24, 0);
    for (uint32_t i = 0; i < count; i++) {
        wrong += !attempt(i);
        if (i % 8 == 7)
            exo_sleep(1);
    }
    /* What is not refused for protection is not counted. */
    wrong += aegis_revoke_refuse() != -E_AGAIN;
    printf("prowl: %u refused, %u counted\n", count - wrong, env->refused_count - before);
    return wrong || env->refused_count - before != count;
}
