/*
 * The Am7990 LANCE behind the IOASIC: initialisation, receive and transmit rings in the kernel's
 * own memory, nothing of what frames mean. The ASIC maps the chip's 64 KB into 128 KB: single
 * halfwords (initialisation block, descriptors) to one of each two, bursts of frame data to 16
 * bytes of each 32. All access is uncached. After the Am7990 data sheet and DEC's IOCTL ASIC
 * specification.
 */
#include "aegis.h"
#include "kn02ba.h"
#include "network.h"

#define RDP board.lance[0]
#define RAP board.lance[2]
#define ESAR(n) ((uint8_t)REGISTER(0xbc080000u + 4 * (n)))

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

#define FCS_BYTES 4u
#define INIT_PATIENCE 1000u

static uint32_t next_receive, next_transmit;

/* Halfword at an even address of the chip: descriptors and initialisation block. */
static inline volatile uint16_t *word_at(uint32_t address)
{
    return (volatile uint16_t *)(KSEG1 + NETWORK_REGION + 2 * address);
}

static inline volatile uint16_t *descriptor(uint32_t ring, uint32_t index, uint32_t word)
{
    return word_at(ring + 8 * index + 2 * word);
}

static inline uint32_t buffer_at(uint32_t buffers, uint32_t index)
{
    return KSEG1 + NETWORK_REGION + 2 * (buffers + index * BUFFER_BYTES);
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
    if (!board.lance)
        return 0;
    for (uint32_t i = 0; i < 6; i++) {
        station[i] = ESAR(i);
        if (ESAR(i) != ESAR(i + 16))
            return 0;
    }
    IOASIC_SSR &= ~(SSR_LANCE_RUN | SSR_LANCE_DMA_EN);
    IOASIC_LANCE_DMAPTR = NETWORK_REGION << 3;
    IOASIC_SSR |= SSR_LANCE_RUN | SSR_LANCE_DMA_EN;
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
            *length <= AEGIS_FRAME_MAX)
            return buffer_at(RECEIVE_BUFFERS, next_receive);
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
    return buffer_at(TRANSMIT_BUFFERS, next_transmit);
}

void lance_transmit(uint32_t length)
{
    if (length < AEGIS_FRAME_MIN)
        length = AEGIS_FRAME_MIN;
    *descriptor(TRANSMIT_RING, next_transmit, COUNT) = 0;
    *descriptor(TRANSMIT_RING, next_transmit, LENGTH) = (uint16_t)-length;
    *descriptor(TRANSMIT_RING, next_transmit, STATUS) = OWN | WHOLE;
    next_transmit = (next_transmit + 1) % TRANSMIT_COUNT;
    RDP = CSR0_TDMD | CSR0_INEA;
}
