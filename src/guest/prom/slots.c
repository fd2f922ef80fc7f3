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
#define SCSI_ID_COUNT 7

static uint8_t esar(int index)
{
    return (uint8_t)REGISTER(ESAR_BASE + 4 * (uint32_t)index);
}

/* 0-7, the same backwards, the same again, then a test pattern. */
const char *slot_esar_test(void)
{
    static const uint8_t pattern[8] = {0xff, 0x00, 0x55, 0xaa, 0xff, 0x00, 0x55, 0xaa};
    int i;
    for (i = 0; i < 8; i++)
        if (esar(15 - i) != esar(i) || esar(16 + i) != esar(i) || esar(24 + i) != pattern[i])
            return "address ROM";
    return NULL;
}

/* One byte of an option ROM; -1 on a bus error. */
static int rom_byte(uint32_t address)
{
    uint32_t word;
    if (!prom_probe_word(address, &word)) {
        REGISTER(MEMORY_INTERRUPT) = 0;
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

static void print_option(int slot)
{
    uint32_t header = SLOT_ADDRESS((uint32_t)slot) + HEADER_OLD;
    if (!has_header(header))
        header = SLOT_ADDRESS((uint32_t)slot) + HEADER_NEW;
    if (!has_header(header))
        return;
    prom_printf(" %d: ", slot);
    print_field(header + MODULE, 8);
    print_field(header + VENDOR, 8);
    print_field(header + FIRMWARE, 8);
    print_field(header + TYPE, 4);
    console_put('\n');
}

static void print_scsi(void)
{
    static const char *const kinds[] = {"disk", "tape", "printer", "processor", "worm", "cdrom"};
    uint8_t answer[36];
    uint32_t id;
    for (id = 0; id < SCSI_ID_COUNT; id++) {
        if (!scsi_inquire(id, answer))
            continue;
        prom_printf("    rz%u  %-9s ", id, (answer[0] & 0x1f) < 6 ? kinds[answer[0] & 0x1f] : "unknown");
        prom_printf("%.8s %.16s %.4s\n", answer + 8, answer + 16, answer + 32);
    }
}

void slot_print_configuration(int slot)
{
    int i;
    if (slot != SYSTEM_SLOT) {
        print_option(slot);
        return;
    }
    prom_printf(" 3: KN02-BA  DEC      V1.0     TCF0 (%u MB, enet ", memory_size() >> 20);
    for (i = 0; i < 6; i++)
        prom_printf("%02x%s", esar(i), i < 5 ? "-" : ", SCSI id 7)\n");
    print_scsi();
}

void slot_print_all(void)
{
    int slot;
    for (slot = 0; slot <= SYSTEM_SLOT; slot++)
        slot_print_configuration(slot);
}
