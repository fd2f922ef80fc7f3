/* Filters, rings, ownership, overlap, sending. */
#include "net.h"

void test_filters(void)
{
    struct aegis_capability cap;
    uint32_t physical = work_page * AEGIS_PAGE_SIZE, i, bad = 0;
    int32_t filter, other;
    volatile uint8_t *f;
    ok(aegis_filter_install(0x20000, 1, 0, 0) == -E_RIGHTS, "atoms must be in a page one may read");
    ok(aegis_filter_install(physical + 4090, 1, 0, 0) == -E_RANGE &&
           aegis_filter_install(physical, 13, 0, 0) == -E_RANGE &&
           aegis_filter_install(physical, 1, 4, 0) == -E_RANGE,
       "all of them, and not too many");
    ok(INSTALL(0, 0, MASKED(1, 0, 0, 0)) == -E_RANGE && INSTALL(0, 0, EQ8(256, 1)) == -E_RANGE &&
           INSTALL(0, 0, EQ32(253, 1)) == -E_RANGE &&
           INSTALL(0, 0, MASKED(1, 0, 1, 2)) == -E_RANGE &&
           INSTALL(0, 0, MASKED(3, 0, 1, 1)) == -E_RANGE &&
           INSTALL(0, 0, {.op = 3, .size = 1, .mask = 1}) == -E_RANGE,
       "what is no condition is refused");
    ok(INSTALL(0, 0, EQ8(20, 1), EQ16(19, 0x0302)) == -E_RANGE,
       "so are conditions that contradict each other");
    ok(INSTALL(0, 0, {.op = AEGIS_ATOM_SHIFT, .size = 1, .mask = 0xff, .left = 7}) == -E_RANGE,
       "and a shift that may leave any frame");
    filter = INSTALL(0, &cap, EQ16(12, 0x0800), EQ8(23, 17), EQ16(36, 7));
    ok(filter >= 0, "a filter is installed");
    ok(FILTERS[filter].owner == BOOT->envid && FILTERS[filter].atom_count == 3,
       "its exported record names the owner");
    ok(cap.name == (AEGIS_KIND_FILTER << 24 | (uint32_t)filter) && aegis_bind(&cap, 0) == filter,
       "its capability binds");
    ok(aegis_filter_ring((uint32_t)filter, 1, ring_pages[0]) == -E_RANGE &&
           aegis_filter_ring((uint32_t)filter, 0, 0x20) == -E_RIGHTS &&
           aegis_filter_ring((uint32_t)filter, 0, 0xffffffff) == -E_RANGE &&
           aegis_filter_ring(63, 0, ring_pages[0]) == -E_RANGE,
       "a ring is made of pages of one's own");
    f = udp_frame(7, 61);
    receive_back(61);
    ok(FILTERS[filter].received == 1 && FILTERS[filter].dropped == 1,
       "without a ring a packet is dropped, and counted");
    aegis_filter_ring((uint32_t)filter, 0, ring_pages[0]);
    aegis_filter_ring((uint32_t)filter, 1, ring_pages[1]);
    f = udp_frame(7, 61);
    receive_back(61);
    for (i = 0; i < 61; i++)
        bad += slot(0)->frame[i] != f[i];
    ok(slot(0)->length == 61 && slot(0)->filter == (uint32_t)filter && bad == 0,
       "with one it arrives whole");
    f = udp_frame(7, 1400);
    receive_back(1400);
    for (i = bad = 0; i < 1400; i++)
        bad += slot(1)->frame[i] != f[i];
    ok(slot(1)->length == 1400 && bad == 0, "a long one too");
    i = NETWORK->unclaimed;
    udp_frame(8, 60);
    receive_back(60);
    ok(NETWORK->unclaimed == i + 1 && FILTERS[filter].received == 3, "another port's is nobody's");
    udp_frame(7, 60);
    receive_back(60);
    receive_back(60);
    receive_back(60);
    ok(slot(3)->length == 60 && FILTERS[filter].delivered == 4 && FILTERS[filter].dropped == 2,
       "a full ring drops");
    slot(0)->length = 0;
    receive_back(60);
    ok(slot(0)->length == 60 && FILTERS[filter].delivered == 5, "until a slot is free again");
    for (i = 0; i < 4; i++)
        slot(i)->length = 0;
    aegis_recap(AEGIS_KIND_PAGE, ring_pages[0], 0);
    receive_back(60);
    receive_back(60);
    ok(FILTERS[filter].delivered == 5 && slot(1)->length == 0,
       "a page whose capabilities were recalled is no ring page any more");
    aegis_filter_ring((uint32_t)filter, 0, ring_pages[0]);
    receive_back(60);
    ok(FILTERS[filter].delivered == 6 && slot(1)->length == 60, "until it is bound again");
    other = INSTALL(AEGIS_FILTER_UPCALL, 0, EQ16(12, 0x0800), IP_HEADER, EQ16(2, 9));
    udp_frame(9, 60);
    ok(other >= 0 && (receive_back(60), FILTERS[other].received == 1),
       "a field behind the IP header");
    f = udp_frame(7, 70);
    f[14] = 0x47; /* two words of options: the port is further on, and offset 36 is not it */
    put16(f + 36, 0);
    put16(f + 14 + 28 + 2, 9);
    receive_back(70);
    ok(FILTERS[other].received == 2, "is found behind options too");
    f = udp_frame(8, 60);
    f[14] = 0x4f;
    i = NETWORK->unclaimed;
    receive_back(60);
    ok(NETWORK->unclaimed == i + 1, "and not beyond the frame's end");
    ok(aegis_filter_remove((uint32_t)other) == 0 &&
           aegis_filter_remove((uint32_t)other) == -E_RANGE && FILTERS[other].owner == 0,
       "a filter is removed once");
    udp_frame(9, 60);
    i = NETWORK->unclaimed;
    receive_back(60);
    ok(NETWORK->unclaimed == i + 1, "and claims nothing then");
    aegis_filter_remove((uint32_t)filter);
    ok(NETWORK->filter_count == 0, "no filter is left");
    for (i = 0; i < 4; i++)
        slot(i)->length = 0;
}

static int32_t helper_install(uint32_t count, uint32_t flags)
{
    return helper_call(AEGIS_CALL_FILTER_INSTALL, work_page * AEGIS_PAGE_SIZE, count, flags, 0);
}

/* Leaves atoms in the work page for the helper. */
static void place(const struct aegis_atom *atoms, uint32_t count)
{
    for (uint32_t i = 0; i < count * SIZEOF_ATOM / 4; i++)
        ((volatile uint32_t *)WORK)[i] = ((const raw_word *)atoms)[i];
}

void test_overlap(void)
{
    struct aegis_capability cap;
    const struct aegis_atom udp7[] = {EQ16(12, 0x0800), EQ8(23, 17), EQ16(36, 7)};
    const struct aegis_atom udp8[] = {EQ16(12, 0x0800), EQ8(23, 17), EQ16(36, 8)};
    const struct aegis_atom half[] = {EQ16(12, 0x0800), MASKED(1, 37, 0xf0, 0)};
    const struct aegis_atom shifted[] = {EQ16(12, 0x0800), IP_HEADER, EQ16(2, 7)};
    const struct aegis_atom pinned[] = {EQ16(12, 0x0800), EQ8(14, 0x45), EQ8(23, 17), IP_HEADER,
                                        EQ16(2, 8)};
    int32_t mine = INSTALL(0, &cap, EQ16(12, 0x0800), EQ8(14, 0x45), EQ8(23, 17), EQ16(36, 7));
    int32_t theirs, count;
    helper_start();
    place(udp7, 3);
    ok(helper_install(3, 0) == -E_RIGHTS, "a child cannot read what it is not bound to");
    {
        struct aegis_capability page;
        aegis_mint(AEGIS_KIND_PAGE, work_page, AEGIS_RIGHT_READ, &page);
        aegis_bind(&page, helper);
    }
    ok(helper_install(3, 0) == -E_OVERLAP, "it cannot claim another's packets");
    ok(helper_install(0, 0) == -E_OVERLAP, "nor everybody's");
    ok(helper_install(3, AEGIS_FILTER_LAST) == -E_RIGHTS, "nor what nobody else claims");
    place(half, 2);
    ok(helper_install(2, 0) == -E_OVERLAP, "nor some of them by a mask");
    place(shifted, 3);
    ok(helper_install(3, 0) == -E_OVERLAP, "nor by way of a shift");
    place(pinned, 5);
    theirs = helper_install(5, 0);
    ok(theirs >= 0, "a shift that is fixed is told apart");
    ok(helper_call(AEGIS_CALL_FILTER_REMOVE, (uint32_t)mine, 0, 0, 0) == -E_OWNER &&
           aegis_filter_remove((uint32_t)theirs) == -E_OWNER,
       "filters are removed by their owners");
    helper_call(AEGIS_CALL_FILTER_REMOVE, (uint32_t)theirs, 0, 0, 0);
    place(udp8, 3);
    theirs = helper_install(3, 0);
    ok(theirs >= 0, "another port is free");
    aegis_derive(&cap, AEGIS_RIGHT_READ, &cap);
    aegis_bind(&cap, helper);
    place(udp7, 3);
    ok(helper_install(3, 0) == -E_OVERLAP, "a read capability is not enough to overlap");
    aegis_mint(AEGIS_KIND_FILTER, (uint32_t)mine, AEGIS_RIGHT_WRITE, &cap);
    aegis_bind(&cap, helper);
    count = helper_install(3, 0);
    ok(count >= 0, "a write capability is");
    udp_frame(7, 60);
    receive_back(60);
    ok(FILTERS[mine].received == 0 && FILTERS[count].received == 1, "and the later filter claims");
    helper_call(AEGIS_CALL_FILTER_REMOVE, (uint32_t)count, 0, 0, 0);
    receive_back(60);
    ok(FILTERS[mine].received == 1, "until it is gone");
    for (count = 0; count < 40; count++) {
        const struct aegis_atom many[] = {EQ16(12, 0x0800), EQ8(23, 17),
                                          EQ16(36, 100 + (uint32_t)count)};
        place(many, 3);
        if (helper_install(3, 0) < 0)
            break;
    }
    ok(count == AEGIS_FILTER_QUOTA - 1 && shared[33] == (uint32_t)-E_QUOTA, "there is a quota");
    udp_frame(110, 60);
    receive_back(60);
    for (uint32_t i = 0, sum = 0; i < AEGIS_FILTER_COUNT; i++) {
        sum += FILTERS[i].owner == helper ? FILTERS[i].received : 0;
        if (i == AEGIS_FILTER_COUNT - 1)
            ok(sum == 1, "one of many claims its packet");
    }
    ok(helper_call(AEGIS_CALL_REVOKE, BOOT->envid, AEGIS_KIND_FILTER, 1, 0) == -E_RIGHTS,
       "a child takes nobody's filters");
    count = (int32_t)NETWORK->filter_count;
    ok(aegis_revoke(helper, AEGIS_KIND_FILTER, 1, 0) == 0 &&
           aegis_revoke(helper, AEGIS_KIND_FILTER, 1, 0) == -E_BUSY,
       "the machine's owner asks for one");
    ok(helper_call(AEGIS_CALL_UNBIND, AEGIS_KIND_FILTER, (uint32_t)theirs, 0, 0) == -E_BUSY &&
           exported_env(helper)->revoke_count == 1,
       "giving up a binding of a filter that it keeps is no answer");
    for (uint32_t i = 0; i < 200 && exported_env(helper)->revoke_stage != AEGIS_REVOKE_NONE; i++)
        yield_to(helper);
    ok(NETWORK->filter_count == (uint32_t)count - 1, "and one is taken when its time is over");
    helper_stop();
    ok(NETWORK->filter_count == 1, "filters go with their environment");
    aegis_filter_remove((uint32_t)mine);
    {
        int32_t last = INSTALL(AEGIS_FILTER_LAST, 0, EQ16(12, 0x0800));
        int32_t first = INSTALL(0, 0, EQ16(36, 7));
        udp_frame(7, 60);
        receive_back(60);
        udp_frame(8, 60);
        receive_back(60);
        ok(FILTERS[first].received == 1 && FILTERS[last].received == 1,
           "a filter that comes last claims what is left");
        aegis_filter_remove((uint32_t)first);
        aegis_filter_remove((uint32_t)last);
    }
}

void test_sending(void)
{
    uint32_t physical = work_page * AEGIS_PAGE_SIZE, sent = NETWORK->sent, i, events;
    int32_t error;
    ok(aegis_packet_send(0x20000, 60, 0, 0) == -E_RIGHTS &&
           aegis_packet_send(physical, 60, 0x20000, 60) == -E_RIGHTS,
       "the kernel's memory is not sent");
    ok(aegis_packet_send(physical, 13, 0, 0) == -E_RANGE &&
           aegis_packet_send(physical, 1515, 0, 0) == -E_RANGE &&
           aegis_packet_send(physical, 0xffffffff, 0, 61) == -E_RANGE &&
           aegis_packet_send(physical + 4090, 60, 0, 0) == -E_RANGE && NETWORK->sent == sent,
       "nor what is no frame");
    udp_frame(7, 60);
    events = exported_env(BOOT->envid)->events;
    /* While a long frame is on the wire, short ones fill the other buffers on any board. */
    error = aegis_packet_send(physical, 1514, 0, 0);
    for (i = 0; i < 40 && error == 0; i++)
        error = aegis_packet_send(physical + 16, 40, physical + 16, 20);
    ok(i == 8 && error == -E_AGAIN, "when all buffers are full a sender is told to wait");
    UPAGE->pending = 0;
    wait_for(AEGIS_EXPORT_ENVIRONMENTS + BOOT->envid % AEGIS_ENV_COUNT * SIZEOF_ENV +
                 OFFSET_ENV_EVENTS,
             events, exported_header()->tick_count + 16);
    ok(exported_env(BOOT->envid)->events != events &&
           aegis_packet_send(physical + 16, 60, physical + 16, 40) == 0,
       "and is woken when there is one");
}
