/*
 * PMAG-BA in TURBOchannel slot 1: frame buffer, and a Bt459, whose registers are a byte to a word.
 * Addresses after Linux's pmag-ba-fb.c; registers after the Bt459's data sheet.
 */
#include "hardware.h"

#define CARD 0x14000000u
#define MODULE_NAME(i) REGISTER(KSEG1 + CARD + 0x3c0440u + 4 * (i))
#define BT459(n) REGISTER(KSEG1 + CARD + 0x200000u + 4 * (n))
#define ADDRESS_LOW 0
#define ADDRESS_HIGH 1
#define DATA 2
#define COLOUR_MAP 3
#define READ_MASK 0x204

static void select(uint32_t address)
{
    BT459(ADDRESS_LOW) = address & 0xff;
    BT459(ADDRESS_HIGH) = address >> 8;
}

static int find(void)
{
    static const char name[] = "PMAG-BA";
    for (uint32_t i = 0; i < sizeof name - 1; i++)
        if ((MODULE_NAME(i) & 0xff) != (uint8_t)name[i])
            return 0;
    select(READ_MASK);
    BT459(DATA) = 0xff;
    return 1;
}

const struct screen screen_pmag_ba = {
    .address = CARD,
    .find = find,
    .select = select,
    .colour = &BT459(COLOUR_MAP),
};
