/* The Ethernet station address ROM: 0-7, the same backwards, the same again, then a test pattern. */
#include "prom.h"

const char *station_test(void)
{
    static const uint8_t pattern[8] = {0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa};
    int i;
    for (i = 0; i < 8; i++)
        if (ESAR_BYTE(15 - i) != ESAR_BYTE(i) || ESAR_BYTE(16 + i) != ESAR_BYTE(i) || ESAR_BYTE(24 + i) != pattern[i])
            return "address ROM";
    return NULL;
}

void station_print(void)
{
    int i;
    for (i = 0; i < 6; i++)
        prom_printf("%02x%s", ESAR_BYTE(i), i < 5 ? "-" : "");
}
