/*
 * The Am7990 LANCE: initialisation, receive and transmit rings, nothing of what frames mean. On
 * both boards single halfwords (initialisation block, descriptors) lie in one of each two of
 * memory. Behind the IOASIC bursts of frame data go to 16 bytes of each 32 of RAM, uncached; on the
 * KN01 they are halfwords like the rest, in memory that is the chip's own, and a frame is copied
 * from it to RAM, or the other way, in the layout of the first. After the Am7990 data sheet and
 * DEC's IOCTL ASIC specification.
 */
#include "aegis.h"
#include "network.h"

#define RDP board.lance->registers[0]
#define RAP board.lance->registers[2]
#define ESAR(n) board.lance->station[4 * (n)]

#define CSR0_INTERRUPTS 0x7f00u /* cause bits, cleared by writing 1 */
#define CSR0_INEA 0x0040u
#define CSR0_TDMD 0x0008u
#define CSR0_STOP 0x0004u
#define CSR0_STRT 0x0002u
#define CSR0_INIT 0x0001u
#define CSR0_IDON 0x0100u

/* Descriptor words. */
#define STATUS 1u
#define LENGTH 2u
#define COUNT 3u
#define OWN 0x8000u
#define ERROR 0x4000u
#define WHOLE 0x0300u /* first and last buffer of its frame */

/* The chip's addresses. Ring sizes are powers of two. */
#define RECEIVE_LOG 4u
#define TRANSMIT_LOG 3u
#define RECEIVE_COUNT (1u << RECEIVE_LOG)
#define TRANSMIT_COUNT (1u << TRANSMIT_LOG)
#define INIT_BLOCK 0x0000u
#define RECEIVE_RING 0x0020u
#define TRANSMIT_RING 0x00a0u
#define BUFFER_BYTES 1536u
#define RECEIVE_BUFFERS 0x0100u
#define TRANSMIT_BUFFERS (RECEIVE_BUFFERS + RECEIVE_COUNT * BUFFER_BYTES)
#define MEMORY_END (TRANSMIT_BUFFERS + TRANSMIT_COUNT * BUFFER_BYTES)
_Static_assert(NETWORK_REGION + 2 * MEMORY_END <= NETWORK_ASH_CODE, "LANCE memory");
_Static_assert(NETWORK_REGION % 0x20000 == 0, "the IOASIC takes bits 28:17 of the pointer");

/* Where frames are while the kernel looks at them, if the chip's memory is its own. */
#define RECEIVED_COPY (KSEG0 + NETWORK_REGION)
#define TRANSMIT_COPY (RECEIVED_COPY + 4096u)

#define FCS_BYTES 4u
#define INIT_PATIENCE 1000u

static uint32_t next_receive, next_transmit;

/* Halfword at an even address of the chip: descriptors and initialisation block. */
static inline volatile uint16_t *word_at(uint32_t address)
{
    return (volatile uint16_t *)(board.lance->memory + 2 * address);
}

static inline volatile uint16_t *descriptor(uint32_t ring, uint32_t index, uint32_t word)
{
    return word_at(ring + 8 * index + 2 * word);
}

/* The chip's address of a buffer. */
static inline uint32_t buffer_of(uint32_t buffers, uint32_t index)
{
    return buffers + index * BUFFER_BYTES;
}

/* What of a buffer the rest of the kernel sees when it is in RAM. */
static inline uint32_t buffer_at(uint32_t buffers, uint32_t index)
{
    return board.lance->memory + 2 * buffer_of(buffers, index);
}

static void copy_from_chip(uint32_t buffer, uint32_t length)
{
    const volatile uint16_t *from = word_at(buffer);
    for (uint32_t at = 0; at < length; at += 4, from += 4) {
        uint32_t low = from[0];
        *(uint32_t *)(RECEIVED_COPY + frame_place(at)) = low | (uint32_t)from[2] << 16;
    }
}

static void copy_to_chip(uint32_t buffer, uint32_t length)
{
    volatile uint16_t *to = word_at(buffer);
    for (uint32_t at = 0; at < length; at += 4, to += 4) {
        uint32_t word = *(const volatile uint32_t *)(TRANSMIT_COPY + frame_place(at));
        to[0] = (uint16_t)word;
        to[2] = (uint16_t)(word >> 16);
    }
}

static void make_rings(void)
{
    for (uint32_t i = 0; i < RECEIVE_COUNT; i++) {
        *descriptor(RECEIVE_RING, i, 0) = (uint16_t)(RECEIVE_BUFFERS + i * BUFFER_BYTES);
        *descriptor(RECEIVE_RING, i, LENGTH) = (uint16_t)-BUFFER_BYTES;
        *descriptor(RECEIVE_RING, i, COUNT) = 0;
        *descriptor(RECEIVE_RING, i, STATUS) = OWN;
    }
    for (uint32_t i = 0; i < TRANSMIT_COUNT; i++) {
        *descriptor(TRANSMIT_RING, i, 0) = (uint16_t)(TRANSMIT_BUFFERS + i * BUFFER_BYTES);
        *descriptor(TRANSMIT_RING, i, STATUS) = 0;
    }
    next_receive = next_transmit = 0;
}

/* Mode 0; station address; no multicast; the two rings with the logarithm of their length. */
static void make_init_block(const uint8_t station[6])
{
    uint32_t at = INIT_BLOCK;
    *word_at(at) = 0;
    for (uint32_t i = 0; i < 6; i += 2)
        *word_at(at += 2) = (uint16_t)(station[i] | station[i + 1] << 8);
    for (uint32_t i = 0; i < 4; i++)
        *word_at(at += 2) = 0;
    *word_at(at += 2) = RECEIVE_RING;
    *word_at(at += 2) = RECEIVE_LOG << 13;
    *word_at(at += 2) = TRANSMIT_RING;
    *word_at(at += 2) = TRANSMIT_LOG << 13;
}

static void set_csr(uint16_t number, uint16_t value)
{
    RAP = number;
    RDP = value;
}

int lance_init(uint8_t station[6])
{
    for (uint32_t i = 0; i < 6; i++) {
        station[i] = ESAR(i);
        if (ESAR(i) != ESAR(i + 16))
            return 0;
    }
    board.lance->start();
    make_rings();
    make_init_block(station);
    set_csr(0, CSR0_STOP);
    set_csr(1, INIT_BLOCK);
    set_csr(2, 0);
    set_csr(3, 0);
    set_csr(0, CSR0_INIT);
    for (uint32_t i = 0; !(RDP & CSR0_IDON); i++)
        if (i == INIT_PATIENCE)
            return 0;
    RDP = CSR0_IDON | CSR0_STRT | CSR0_INEA;
    return 1;
}

uint32_t lance_acknowledge(void)
{
    uint32_t causes = RDP & CSR0_INTERRUPTS;
    RDP = (uint16_t)(causes | CSR0_INEA);
    return causes;
}

uint32_t lance_receive(uint32_t *length)
{
    for (;;) {
        uint32_t status = *descriptor(RECEIVE_RING, next_receive, STATUS);
        if (status & OWN)
            return 0;
        *length = (*descriptor(RECEIVE_RING, next_receive, COUNT) & 0xfffu) - FCS_BYTES;
        if ((status & (ERROR | WHOLE)) == WHOLE && *length >= AEGIS_FRAME_MIN &&
            *length <= AEGIS_FRAME_MAX) {
            if (!board.lance->is_apart)
                return buffer_at(RECEIVE_BUFFERS, next_receive);
            copy_from_chip(buffer_of(RECEIVE_BUFFERS, next_receive), *length);
            return RECEIVED_COPY;
        }
        network->errors++;
        lance_release();
    }
}

void lance_release(void)
{
    *descriptor(RECEIVE_RING, next_receive, STATUS) = OWN;
    next_receive = (next_receive + 1) % RECEIVE_COUNT;
}

uint32_t lance_transmit_buffer(void)
{
    uint32_t status = *descriptor(TRANSMIT_RING, next_transmit, STATUS);
    if (status & OWN)
        return 0;
    if (status & ERROR)
        network->errors++;
    return board.lance->is_apart ? TRANSMIT_COPY : buffer_at(TRANSMIT_BUFFERS, next_transmit);
}

void lance_transmit(uint32_t length)
{
    if (length < AEGIS_FRAME_MIN)
        length = AEGIS_FRAME_MIN;
    if (board.lance->is_apart)
        copy_to_chip(buffer_of(TRANSMIT_BUFFERS, next_transmit), length);
    *descriptor(TRANSMIT_RING, next_transmit, COUNT) = 0;
    *descriptor(TRANSMIT_RING, next_transmit, LENGTH) = (uint16_t)-length;
    *descriptor(TRANSMIT_RING, next_transmit, STATUS) = OWN | WHOLE;
    next_transmit = (next_transmit + 1) % TRANSMIT_COUNT;
    RDP = CSR0_TDMD | CSR0_INEA;
}
