/*
 * The KN01's interrupts: a wire for each chip. The terminal multiplexer shares IP4 with the serial
 * chip; failed writes share IP6 with the frame buffer's cursor chip, which nobody uses.
 */
#include "kn01.h"
#include "scsi.h"

#define SCSI_IP 2
#define NETWORK_IP 3
#define LINES_IP 4
#define CLOCK_IP 5
#define ERROR_IP 6

#define DZ_CONSOLE_REQUEST 0x00c0u /* received, and may say so */

static void acknowledge_errors(void)
{
    SYSTEM_CSR = SYSTEM_CSR_PARITY_OFF | SYSTEM_CSR_MEMORY_ERROR | SYSTEM_CSR_VIDEO |
                 SYSTEM_CSR_LEDS_OFF;
}

static void start_interrupts(void)
{
    acknowledge_errors();
    board.console->listen(1);
}

static uint32_t requests(uint32_t cause)
{
    uint32_t found = 0;
    if (cause & STATUS_IP(CLOCK_IP))
        found |= REQUEST_CLOCK;
    if (cause & STATUS_IP(SCSI_IP))
        found |= REQUEST_DISK;
    if (cause & STATUS_IP(NETWORK_IP))
        found |= REQUEST_NETWORK;
    if (cause & STATUS_IP(LINES_IP)) {
        found |= REQUEST_LINES;
        if ((DZ_CSR & DZ_CONSOLE_REQUEST) == DZ_CONSOLE_REQUEST)
            found |= REQUEST_CONSOLE;
    }
    if (cause & STATUS_IP(ERROR_IP)) {
        if (SYSTEM_CSR & SYSTEM_CSR_MEMORY_ERROR)
            found |= REQUEST_ERROR;
        acknowledge_errors();
    }
    return found;
}

/* One bit to a pixel cannot be told from none at all. */
static int find_screen(void)
{
    if (SYSTEM_CSR & SYSTEM_CSR_MONO)
        return 0;
    PLANE_MASK = 0xff;
    BT478_MASK = 0xff;
    return 1;
}

static void select_colour(uint32_t entry)
{
    BT478_WRITE_ADDRESS = entry;
}

static const struct screen screen = {
    .address = 0x0fc00000u,
    .find = find_screen,
    .select = select_colour,
    .colour = &BT478_MAP,
};

static void start_lance(void)
{
}

static const struct lance_wiring lance = {
    .registers = &REGISTER16(0xb8000000u),
    .station = &REGISTER8(0xbd000001u), /* beside the clock chip, on the next byte lane */
    .memory = 0xb9000000u,
    .is_apart = 1,
    .start = start_lance,
};

const struct board board_kn01 = {
    .system_type = 1,
    .status = STATUS_IP(SCSI_IP) | STATUS_IP(NETWORK_IP) | STATUS_IP(LINES_IP) |
              STATUS_IP(CLOCK_IP) | STATUS_IP(ERROR_IP) | STATUS_IP(FPU_IP),
    .clock = &REGISTER(0xbd000000u),
    .multiplexer = &REGISTER(0xb4000000u),
    .lance = &lance,
    .console = &console_dz,
    .scsi = &scsi_sii,
    .screen = &screen,
    .start_interrupts = start_interrupts,
    .requests = requests,
};
