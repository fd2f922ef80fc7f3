/*
 * Frames in and out (SOSP'95 section 5.5). A frame that arrives is classified by compiled code and
 * goes to its filter's handler, then into the receive ring in pages of the filter's owner, who is
 * woken; the kernel keeps none. A frame to be sent is copied from pages that the caller may read.
 * The station address is put into every frame as its source; for the rest nobody looks at what is
 * sent.
 */
#include "network.h"
#include "aegis.h"
#include "ash.h"

#define HEADER_BYTES 14u
#define SOURCE_AT 6u
#define ADDRESS_BYTES 6u

/* Then the clock gets a look in; the rest waits for the next interrupt of any kind. */
#define FRAMES_AT_ONCE 16u

kernel_bool network_is_behind;

/* Environments, by slot, that found no transmit buffer. */
static uint32_t waiting_to_send;

void network_init(void)
{
    filter_init();
    if (!lance_init(network->station))
        return;
    network->is_present = 1;
    console_print("Aegis: Ethernet ");
    for (uint32_t i = 0; i < ADDRESS_BYTES; i++) {
        static const char digits[] = "0123456789abcdef";
        if (i > 0)
            console_put('-');
        console_put(digits[network->station[i] >> 4]);
        console_put(digits[network->station[i] & 15]);
    }
    console_put('\n');
}

/*
 * 16 bytes of 4 words are contiguous in the frame. About 16 cycles a word: the loads are uncached.
 */
void frame_read(uint32_t frame, uint32_t offset, uint32_t *to, uint32_t bytes)
{
    uint32_t end = offset + bytes;
    while (offset % 16 == 0 && offset + 16 <= end) {
        const volatile uint32_t *from = (const volatile uint32_t *)(frame + 2 * offset);
        uint32_t a = from[0], b = from[1], c = from[2], d = from[3];
        to[0] = a;
        to[1] = b;
        to[2] = c;
        to[3] = d;
        to += 4;
        offset += 16;
    }
    for (; offset < end; offset += 4)
        *to++ = *(const volatile uint32_t *)(frame + frame_place(offset));
}

void frame_write(uint32_t frame, uint32_t offset, const uint8_t *from, uint32_t bytes)
{
    uint32_t end = offset + bytes;
    if (offset % 4 == 0 && (uint32_t)from % 4 == 0)
        for (; offset + 4 <= end; offset += 4, from += 4)
            *(volatile uint32_t *)(frame + frame_place(offset)) = *(const uint32_t *)from;
    for (; offset < end; offset++)
        *(volatile uint8_t *)(frame + frame_place(offset)) = *from++;
}

int network_page_holds(uint32_t page, uint32_t epoch, uint32_t slot_mask)
{
    const struct aegis_page *record = &page_records[page];
    return record->epoch == epoch && (record->writers & slot_mask) != 0;
}

/* Puts a frame into the ring's next slot; false when there is none that is free and still bound. */
static kernel_bool deliver(struct aegis_filter *filter, uint32_t number, uint32_t frame,
                           uint32_t length)
{
    uint32_t index = filter->next_slot / 2, page;
    struct aegis_slot *slot;
    if (filter->ring_count == 0)
        return 0;
    page = filter->ring_page[index];
    if (!network_page_holds(page, filter->ring_epoch[index],
                            envs[filter->owner % AEGIS_ENV_COUNT].slot_mask))
        return 0;
    slot = (struct aegis_slot *)(KSEG0 + page * AEGIS_PAGE_SIZE +
                                 filter->next_slot % 2 * AEGIS_RING_SLOT);
    if (slot->length != 0)
        return 0;
    frame_read(frame, 0, (uint32_t *)slot->frame, length);
    slot->filter = number;
    slot->sequence = filter->received;
    slot->length = length;
    filter->next_slot = filter->next_slot + 1 == 2 * filter->ring_count ? 0 : filter->next_slot + 1;
    return 1;
}

/*
 * One frame, to whom it belongs; false when it is nobody's. With the driver's part about 375
 * cycles for a frame that nobody claims, 675 for one of 60 bytes into a ring, of which the
 * classifier takes 40 and 10 for each uncached load.
 */
static kernel_bool arrive(uint32_t frame, uint32_t length)
{
    int32_t number = filter_classify(frame, length);
    struct aegis_filter *filter;
    struct aegis_env *owner;
    network->received++;
    if (number < 0) {
        network->unclaimed++;
        return 0;
    }
    filter = &filters[number];
    owner = &envs[filter->owner % AEGIS_ENV_COUNT];
    ASSERT(owner->id == filter->owner && filter->owner != 0);
    filter->received++;
    filter->byte_count += length;
    if (filter->ash != 0 && ash_run(filter->ash - 1, frame, length, (uint32_t)number)) {
        filter->handled++;
        return 1;
    }
    if (!deliver(filter, (uint32_t)number, frame, length)) {
        filter->dropped++;
        trace_packet_drop(filter->owner, (uint32_t)number, length);
        return 1;
    }
    filter->delivered++;
    owner->events++;
    if (filter->flags & AEGIS_FILTER_UPCALL)
        env_post(owner, AEGIS_PENDING_PACKET);
    return 1;
}

/*
 * A frame that is somebody's may wake him, even one that was dropped or dealt with by a handler: he
 * may wait for a word of its record, or of the handler's page.
 */
int network_interrupt(void)
{
    uint32_t causes = lance_acknowledge(), frame, length;
    uint32_t left = FRAMES_AT_ONCE;
    kernel_bool may_wake = 0;
    if (causes & LANCE_MISSED)
        network->missed++;
    while (left > 0 && (frame = lance_receive(&length)) != 0) {
        left--;
        may_wake |= arrive(frame, length);
        lance_release();
    }
    network_is_behind = left == 0;
    if ((causes & LANCE_SENT) && waiting_to_send != 0) {
        for (uint32_t slot = 0; slot < AEGIS_ENV_COUNT; slot++)
            if (waiting_to_send & (1u << slot))
                envs[slot].events++;
        waiting_to_send = 0;
        may_wake = 1;
    }
    return may_wake;
}

/* The rest of a frame that is in `frame` but for its source and its padding. */
void network_finish_frame(uint32_t frame, uint32_t length)
{
    static const uint8_t zeros[AEGIS_FRAME_MIN];
    frame_write(frame, SOURCE_AT, network->station, ADDRESS_BYTES);
    if (length < AEGIS_FRAME_MIN)
        frame_write(frame, length, zeros, AEGIS_FRAME_MIN - length);
    lance_transmit(length);
    network->sent++;
}

int network_length_is_good(uint32_t length)
{
    return length >= HEADER_BYTES && length <= AEGIS_FRAME_MAX;
}

int32_t call_packet_send(uint32_t address, uint32_t bytes, uint32_t address2, uint32_t bytes2)
{
    struct aegis_env *env = current_env;
    uint32_t frame;
    if (bytes == 0 || bytes > AEGIS_FRAME_MAX || bytes2 > AEGIS_FRAME_MAX ||
        !network_length_is_good(bytes + bytes2))
        return -E_RANGE;
    if (address % AEGIS_PAGE_SIZE + bytes > AEGIS_PAGE_SIZE ||
        address2 % AEGIS_PAGE_SIZE + bytes2 > AEGIS_PAGE_SIZE)
        return -E_RANGE;
    if (!page_allows(env, address, bytes, 0) || (bytes2 && !page_allows(env, address2, bytes2, 0)))
        return -E_RIGHTS;
    if (!network->is_present)
        return -E_DEVICE;
    frame = lance_transmit_buffer();
    if (frame == 0) {
        waiting_to_send |= env->slot_mask;
        return -E_AGAIN;
    }
    frame_write(frame, 0, (const uint8_t *)(KSEG0 + address), bytes);
    if (bytes2)
        frame_write(frame, bytes, (const uint8_t *)(KSEG0 + address2), bytes2);
    network_finish_frame(frame, bytes + bytes2);
    return 0;
}
