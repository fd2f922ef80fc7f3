/* Start of the network tests: pages, windows, frames to and from the host, the helper. */
#include "net.h"

#define REQUEST_TYPE 0x88b5u /* the host sends the rest of such a frame back as a frame */
#define REQUEST_HEADER 16u
#define HELPER_PAGE 1001u

uint32_t work_page, ring_pages[2], data_page, helper;

static uint32_t page_in(uint32_t window)
{
    uint32_t page = (uint32_t)aegis_page_alloc(AEGIS_ANY, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + window, page << 12 | WRITABLE, 0);
    return page;
}

volatile struct aegis_slot *slot(uint32_t n)
{
    return (volatile struct aegis_slot *)(AT_WINDOW(RING_WINDOW) + n * AEGIS_RING_SLOT);
}

int32_t install(const struct aegis_atom *atoms, uint32_t count, uint32_t flags,
                struct aegis_capability *made)
{
    for (uint32_t i = 0; i < count * SIZEOF_ATOM / 4; i++)
        ((volatile uint32_t *)WORK)[i] = ((const raw_word *)atoms)[i];
    return aegis_filter_install(work_page * AEGIS_PAGE_SIZE, count, flags, made);
}

void put16(volatile uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* Behind room for the request's header, so that it can be asked for without being moved. */
volatile uint8_t *udp_frame(uint32_t port, uint32_t length)
{
    volatile uint8_t *f = WORK + REQUEST_HEADER;
    for (uint32_t i = 0; i < length; i++)
        f[i] = (uint8_t)i;
    for (uint32_t i = 0; i < 6; i++)
        f[i] = NETWORK->station[i];
    put16(f + 12, 0x0800);
    put16(f + 14, 0x4500);
    f[23] = 17;
    for (uint32_t i = 0; i < 4; i++)
        f[30 + i] = (uint8_t)(10 - i);
    put16(f + 36, port);
    return f;
}

int32_t send(uint32_t length)
{
    return aegis_packet_send(work_page * AEGIS_PAGE_SIZE, length, 0, 0);
}

void receive_back(uint32_t length)
{
    uint32_t before = NETWORK->received, start = exported_header()->tick_count;
    volatile uint8_t *request = WORK;
    for (uint32_t i = 0; i < 6; i++)
        request[i] = 2;
    put16(request + 12, REQUEST_TYPE);
    put16(request + 14, length);
    if (send(REQUEST_HEADER + length) != 0)
        note("a request could not be sent", length);
    while (NETWORK->received == before && exported_header()->tick_count - start < 8)
        ;
}

void helper_start(void)
{
    uint32_t *page = (uint32_t *)AT_WINDOW(29), i;
    aegis_page_alloc(HELPER_PAGE, 0);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 29, HELPER_PAGE << 12 | WRITABLE, 0);
    for (i = 0; i < 1024; i++)
        page[i] = ((const uint32_t *)child_page)[i];
    for (i = 0; i < ((uint32_t)caller_code_end - (uint32_t)caller_code) / 4; i++)
        page[((uint32_t)child_fuzz - (uint32_t)child_page) / 4 + i] =
            ((const uint32_t *)caller_code)[i];
    aegis_cache_flush(HELPER_PAGE * AEGIS_PAGE_SIZE, AEGIS_PAGE_SIZE);
    helper = child_start(
        &(struct child_plan){.entry = child_fuzz, .slices = 1, .code_page = HELPER_PAGE});
}

int32_t helper_call(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3)
{
    const uint32_t words[] = {number, a0, a1, a2, a3};
    for (uint32_t i = 0; i < 5; i++)
        shared[33 + i] = words[i];
    shared[32] = 1;
    while (shared[32] != 0)
        yield_to(helper);
    return (int32_t)shared[33];
}

struct aegis_capability helper_result(void)
{
    return (struct aegis_capability){shared[34], shared[35], {shared[36], shared[37]}};
}

void helper_stop(void)
{
    aegis_env_destroy(helper, 0);
    child_wait(helper);
    aegis_env_set(0, AEGIS_FIELD_GUARANTEED + 29, 0, 0);
    aegis_page_free(HELPER_PAGE);
}

void test_main(void)
{
    for (uint32_t i = 0; i < 6; i++)
        aegis_env_set(0, AEGIS_FIELD_GUARANTEED + EXPORT_WINDOW + i,
                      (AEGIS_EXPORT_FILTERS + i * AEGIS_PAGE_SIZE) | VALID, 0);
    work_page = page_in(WORK_WINDOW);
    ring_pages[0] = page_in(RING_WINDOW);
    ring_pages[1] = page_in(RING_WINDOW + 1);
    data_page = page_in(DATA_WINDOW);
    ok(NETWORK->is_present == 1 && NETWORK->station[0] == 8 && NETWORK->station[2] == 0x2b,
       "there is a network interface with an address");
    test_filters();
    test_overlap();
    test_sending();
    test_handlers();
    test_hostile_handlers();
    serve_host();
    test_end();
}

/* The compiler calls them by name. */
void *memcpy(void *to, const void *from, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = ((const uint8_t *)from)[i];
    return to;
}

void *memset(void *to, int value, uint32_t bytes)
{
    for (uint32_t i = 0; i < bytes; i++)
        ((uint8_t *)to)[i] = (uint8_t)value;
    return to;
}
