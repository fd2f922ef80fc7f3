/* Filters with rings, sending, handlers (net.h): what a program says to Aegis about the network. */
#include <generated/library-calls.h>
#include <net.h>
#include <string.h>

#define READ_WRITE (EXO_PROT_READ | EXO_PROT_WRITE)

/* Atoms, code and frames on their way to Aegis, which is given physical addresses. */
static uint8_t *work;
static uint32_t work_physical;

void *net_page(uint32_t *page)
{
    int32_t number = aegis_page_alloc(AEGIS_ANY, 0);
    void *at = number < 0 ? NULL : exo_page_map_physical((uint32_t)number, READ_WRITE);

    if (!at)
        return NULL;
    *page = (uint32_t)number;
    memset(at, 0, AEGIS_PAGE_SIZE);
    return at;
}

static bool has_work(void)
{
    uint32_t page = 0;

    if (work)
        return true;
    work = net_page(&page);
    work_physical = page * AEGIS_PAGE_SIZE;
    return work != NULL;
}

const volatile struct aegis_network *net_interface(void)
{
    static const volatile uint8_t *page;
    const volatile struct aegis_network *network;

    if (!page)
        page = exo_page_map_physical(AEGIS_EXPORT_NETWORK / AEGIS_PAGE_SIZE, EXO_PROT_READ);
    if (!page)
        return NULL;
    network = (const volatile void *)(page + AEGIS_EXPORT_NETWORK % AEGIS_PAGE_SIZE);
    return network->is_present ? network : NULL;
}

int32_t net_open(struct net_port *port, const struct aegis_atom *atoms, uint32_t count,
                 uint32_t pages)
{
    int32_t error = 0;

    if (count > AEGIS_FILTER_ATOM_COUNT || pages > AEGIS_FILTER_RING_PAGES)
        return -E_RANGE;
    if (!has_work())
        return -E_NONE;
    memset(port, 0, sizeof *port);
    memcpy(work, atoms, count * sizeof *atoms);
    port->filter = aegis_filter_install(work_physical, count, 0, 0);
    if (port->filter < 0)
        return port->filter;
    for (uint32_t i = 0; i < pages && error == 0; i++) {
        uint32_t page = 0;
        uint8_t *at = net_page(&page);
        error = at ? aegis_filter_ring((uint32_t)port->filter, i, page) : -E_NONE;
        for (uint32_t half = 0; half < 2 && error == 0; half++)
            port->slot[port->slot_count++] = (void *)(at + half * AEGIS_RING_SLOT);
    }
    if (error == 0)
        return port->filter;
    net_close(port);
    return error;
}

void net_close(struct net_port *port)
{
    aegis_filter_remove((uint32_t)port->filter);
    for (uint32_t i = 0; i < port->slot_count; i += 2)
        exo_page_unmap((void *)port->slot[i], 1);
    port->slot_count = 0;
}

volatile struct aegis_slot *net_poll(const struct net_port *port)
{
    volatile struct aegis_slot *slot = port->slot[port->next];

    return port->slot_count > 0 && slot->length != 0 ? slot : NULL;
}

void net_done(struct net_port *port)
{
    port->slot[port->next]->length = 0;
    port->next = port->next + 1 == port->slot_count ? 0 : port->next + 1;
}

int net_wait(struct net_port *const *ports, int count, uint32_t deadline)
{
    for (;;) {
        uint32_t seen = exo_events();
        for (int i = 0; i < count; i++)
            if (net_poll(ports[i]))
                return i;
        if (deadline != 0 && (int32_t)(exo_ticks() - deadline) >= 0)
            return -1;
        exo_wait_event(seen, deadline);
    }
}

int32_t net_send(const void *frame, uint32_t bytes)
{
    if (bytes > AEGIS_FRAME_MAX)
        return -E_RANGE;
    if (!has_work())
        return -E_NONE;
    memcpy(work, frame, bytes);
    for (;;) {
        uint32_t seen = exo_events();
        int32_t error = aegis_packet_send(work_physical, bytes, 0, 0);
        if (error != -E_AGAIN)
            return error;
        exo_wait_event(seen, 0);
    }
}

int32_t net_handler(const void *start, const void *end, uint32_t data_page)
{
    uint32_t bytes = (uint32_t)((const uint8_t *)end - (const uint8_t *)start);
    int32_t handler, error;

    if (bytes > 4 * AEGIS_ASH_INSTRUCTIONS)
        return -E_RANGE;
    if (!has_work())
        return -E_NONE;
    memcpy(work, start, bytes);
    handler = aegis_ash_download(work_physical, bytes / 4, (uint32_t)start);
    if (handler < 0)
        return handler;
    error = aegis_ash_page((uint32_t)handler, 0, data_page);
    if (error == 0)
        return handler;
    aegis_ash_remove((uint32_t)handler);
    return error;
}
