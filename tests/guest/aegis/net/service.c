/*
 * Serves the host through page 1500: word 0 command (1: remove all filters; 2: install `word 1`
 * atoms from offset 64 with flags word 2; 3: end; 4: a filter for UDP port 900 + `word 1` with a
 * handler that takes long, of three kinds), answered in word 3 with word 0 = 0. Word 4 counts turns. Filters get no
 * ring: who claims a frame shows in their counts.
 */
#include "net.h"

#define SERVICE_PAGE 1500u

void serve_host(void)
{
    volatile uint32_t *word = (volatile uint32_t *)AT_WINDOW(29);
    aegis_page_alloc(SERVICE_PAGE, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 29, SERVICE_PAGE << 12 | WRITABLE, 0);
    word[3] = 0x5e71ce;
    for (;;) {
        int32_t result = 0;
        if (word[0] == 0) {
            word[4]++;
            continue;
        }
        if (word[0] == 3)
            return;
        if (word[0] == 2)
            result = aegis_filter_install(SERVICE_PAGE * AEGIS_PAGE_SIZE + 64, word[1], word[2], 0);
        else if (word[0] == 4)
            result = install_slow_handler(900 + word[1], word[1]);
        else
            for (uint32_t i = 0; i < AEGIS_FILTER_COUNT; i++)
                if (FILTERS[i].owner == BOOT->envid)
                    aegis_filter_remove(i);
        word[3] = (uint32_t)result;
        word[0] = 0;
    }
}
