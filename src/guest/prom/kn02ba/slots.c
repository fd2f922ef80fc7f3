/*
 * What is plugged in: TURBOchannel option cards by their ROM headers (TURBOchannel firmware specification), the
 * board itself with memory, station address and SCSI devices.
 */
#include "prom.h"

#define HEADER_NEW 0x3e0
#define HEADER_OLD 0x3c03e0
#define PATTERN 0x10 /* 55 00 aa ff, from the header on */
#define FIRMWARE 0x20
#define VENDOR 0x40
#define MODULE 0x60
#define TYPE 0x80
#define SYSTEM_SLOT 3

/* One byte of an option ROM; -1 on a bus error. */
static int rom_byte(uint32_t address)
{
    uint32_t word;
    if (!prom_probe_word(address, &word)) {
        board_clear_errors();
        return -1;
    }
    return (int)(word & 0xff);
}

static int has_header(uint32_t header)
{
    return rom_byte(header + PATTERN) == 0x55 && rom_byte(header + PATTERN + 4) == 0x00 &&
           rom_byte(header + PATTERN + 8) == 0xaa && rom_byte(header + PATTERN + 12) == 0xff;
}

static void print_field(uint32_t address, int length)
{
    for (; length > 0; length--, address += 4) {
        int c = rom_byte(address);
        console_put(c >= ' ' && c < 0x7f ? c : ' ');
    }
    console_put(' ');
}

/* 0 when the slot is empty. */
static int print_option(int slot)
{
    uint32_t header = SLOT_ADDRESS((uint32_t)slot) + HEADER_OLD;
    if (!has_header(header))
        header = SLOT_ADDRESS((uint32_t)slot) + HEADER_NEW;
    if (!has_header(header))
        return 0;
    prom_printf(" %d: ", slot);
    print_field(header + MODULE, 8);
    print_field(header + VENDOR, 8);
    print_field(header + FIRMWARE, 8);
    print_field(header + TYPE, 4);
    console_put('\n');
    return 1;
}

static int print_slot(int slot)
{
    if (slot != SYSTEM_SLOT)
        return print_option(slot);
    prom_printf(" 3: KN02-BA  DEC      V1.0     TCF0 (%u MB, enet ", memory_size() >> 20);
    station_print();
    prom_printf(", SCSI id 7)\n");
    configuration_print_scsi();
    return 1;
}

/* Of one slot, or of all that are not empty. */
void board_configuration(int argc, char **argv)
{
    char *end = NULL;
    int slot, only = argc < 2 ? -1 : (int)prom_strtol(argv[1], &end, 10);
    if (argc >= 2 && (end == argv[1] || *end != 0 || only < 0 || only > SYSTEM_SLOT)) {
        prom_printf("%s: slots are 0 to %d\n", argv[1], SYSTEM_SLOT);
        return;
    }
    for (slot = 0; slot <= SYSTEM_SLOT; slot++)
        if ((only < 0 || only == slot) && !print_slot(slot) && only == slot)
            prom_printf(" %d: empty\n", slot);
}
