/*
 * Terminal lines: the 16-line multiplexer EXMUX-AA, and the serial console as line 16. The kernel
 * keeps no buffers: the FIFOs are the chip's. An interrupt is turned off as soon as it has been
 * seen, the line's event count and those of its bound environments move, and the next read or write
 * that comes up empty turns it on again.
 */
#include "aegis.h"

#define DATA_VALID 0x80000000u
#define STATUS_RX_COUNT 0x7fu
#define STATUS_TX_ROOM(status) (((status) >> 8) & 0x7f)

static void line_event(uint32_t line, uint32_t bound)
{
    lines[line].events++;
    for (uint32_t slot = 0; bound != 0; slot++, bound >>= 1)
        if (bound & 1)
            envs[slot].events++;
}

void line_init(void)
{
    kernel_bool has_mux = (MUX_ROM_PATTERN & 0xff) == 0xaa;
    for (uint32_t line = 0; line < MUX_LINES; line++) {
        lines[line].flags = has_mux;
        if (has_mux)
            MUX_CONTROL(line) = MUX_RX_ENABLE | MUX_RX_INTERRUPT;
    }
    lines[AEGIS_CONSOLE_LINE].flags = 1;
    board.console->init();
}

void line_interrupt(void)
{
    uint32_t received = MUX_RXPEND, sent = MUX_TXPEND;
    for (uint32_t line = 0; line < MUX_LINES; line++) {
        uint32_t bit = 1u << line;
        if (received & bit) {
            MUX_CONTROL(line) &= ~MUX_RX_INTERRUPT;
            line_event(line, lines[line].readers);
        }
        if (sent & bit) {
            MUX_CONTROL(line) &= ~MUX_TX_INTERRUPT;
            line_event(line, lines[line].writers);
        }
    }
}

/*
 * The chip keeps its request until the byte is read, so the receive interrupt is switched off like
 * the others.
 */
void line_console_interrupt(void)
{
    board.console->listen(0);
    line_event(AEGIS_CONSOLE_LINE, lines[AEGIS_CONSOLE_LINE].readers);
}

static int32_t check(uint32_t line, kernel_bool is_write)
{
    if (line >= AEGIS_LINE_COUNT || !lines[line].flags)
        return -E_RANGE;
    if (((is_write ? lines[line].writers : lines[line].readers) &
         current_env->slot_mask) == 0)
        return -E_RIGHTS;
    return 0;
}

static int32_t check_memory(uint32_t address, uint32_t count, kernel_bool is_write)
{
    if (count == 0 || count > AEGIS_PAGE_SIZE ||
        address % AEGIS_PAGE_SIZE + count > AEGIS_PAGE_SIZE)
        return -E_RANGE;
    return page_allows(current_env, address, count, is_write) ? 0 : -E_RIGHTS;
}

/* One received byte, or -E_AGAIN with the receive interrupt on. */
static int32_t receive(uint32_t line)
{
    uint32_t data;
    if (line == AEGIS_CONSOLE_LINE) {
        int32_t c = board.console->receive();
        if (c < 0)
            board.console->listen(1);
        return c < 0 ? -E_AGAIN : c;
    }
    data = MUX_DATA(line);
    if (data & DATA_VALID)
        return (int32_t)(data & 0xff);
    MUX_CONTROL(line) |= MUX_RX_INTERRUPT;
    return -E_AGAIN;
}

int32_t call_line_read(uint32_t line, uint32_t address, uint32_t count)
{
    uint8_t *to = (uint8_t *)(KSEG0 + address);
    uint32_t done = 0;
    int32_t error = check(line, 0);
    if (error == 0)
        error = check_memory(address, count, 1);
    while (error >= 0 && done < count) {
        error = receive(line);
        if (error >= 0)
            to[done++] = (uint8_t)error;
    }
    if (done == 0)
        return error;
    lines[line].received += done;
    return (int32_t)done;
}

/*
 * Room in the transmitter; 0 turns the transmit interrupt on. The console has none: its bytes are
 * waited out.
 */
static uint32_t transmit_room(uint32_t line)
{
    uint32_t room;
    if (line == AEGIS_CONSOLE_LINE)
        return 1;
    room = STATUS_TX_ROOM(MUX_STATUS(line));
    if (room == 0)
        MUX_CONTROL(line) |= MUX_TX_INTERRUPT;
    return room;
}

static void transmit(uint32_t line, uint8_t byte)
{
    if (line == AEGIS_CONSOLE_LINE)
        console_put((char)byte);
    else
        MUX_DATA(line) = byte;
}

int32_t call_line_write(uint32_t line, uint32_t address, uint32_t count)
{
    const uint8_t *from = (const uint8_t *)(KSEG0 + address);
    uint32_t room, done;
    int32_t error = check(line, 1);
    if (error == 0)
        error = check_memory(address, count, 0);
    if (error)
        return error;
    room = transmit_room(line);
    if (room == 0)
        return -E_AGAIN;
    if (count > room)
        count = room;
    for (done = 0; done < count; done++)
        transmit(line, from[done]);
    lines[line].sent += count;
    return (int32_t)count;
}

int32_t call_line_get(uint32_t line)
{
    int32_t result = check(line, 0);
    if (result)
        return result;
    result = receive(line);
    if (result >= 0)
        lines[line].received++;
    return result;
}

int32_t call_line_put(uint32_t line, uint32_t byte)
{
    int32_t error = check(line, 1);
    if (error)
        return error;
    if (transmit_room(line) == 0)
        return -E_AGAIN;
    transmit(line, (uint8_t)byte);
    lines[line].sent++;
    return 0;
}

static uint32_t held(const struct aegis_env *env)
{
    uint32_t count = 0;
    for (uint32_t line = 0; line < AEGIS_LINE_COUNT; line++)
        count += ((lines[line].readers | lines[line].writers) & env->slot_mask) != 0;
    return count;
}

static uint32_t take_back(struct aegis_env *env, uint32_t from)
{
    for (uint32_t line = from; line < AEGIS_LINE_COUNT; line++) {
        if (((lines[line].readers | lines[line].writers) & env->slot_mask) == 0)
            continue;
        lines[line].readers &= ~env->slot_mask;
        lines[line].writers &= ~env->slot_mask;
        return line;
    }
    return AEGIS_ANY;
}

const struct revocable line_revocable = {held, take_back};
