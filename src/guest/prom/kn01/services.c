/* Entries of the jump table that are more than another name of a function that is there anyway. */
#include "prom.h"
#include "services.h"

int service_none(void)
{
    return 0;
}

int service_putchar(int c)
{
    console_put(c & 0xff);
    return c;
}

/* Control characters as ^X. */
int service_showchar(int c)
{
    c &= 0x7f;
    if (c < ' ' || c == 0x7f) {
        console_put('^');
        c ^= 0x40;
    }
    console_put(c);
    return c;
}

/* Both caches, whole. */
int service_flush_cache(void)
{
    cache_invalidate(KSEG0, cache_size(SR_SWC), SR_SWC);
    cache_invalidate(KSEG0, cache_size(0), 0);
    return 0;
}

/* "0x1f", "017" or "42" into *value; the end of the number. */
const char *service_number(const char *text, uint32_t *value)
{
    char *end;
    *value = (uint32_t)prom_strtol(text, &end, 0);
    return end;
}
