/*
 * The network for programs: packet filters with receive rings, sending, handlers that run in Aegis.
 * All of it is the program's own: pages, filter and ring belong to its environment, and Aegis only
 * decides who a frame is for. One thread; results below 0 are negated errors of Aegis.
 */
#ifndef LIB_NET_H
#define LIB_NET_H

#include <generated/abi-calls.h>
#include <stdbool.h>
#include <stdint.h>

#define NET_SLOTS (2 * AEGIS_FILTER_RING_PAGES)

/* A filter and its ring. */
struct net_port {
    int32_t filter;
    uint32_t slot_count;
    uint32_t next;
    volatile struct aegis_slot *slot[NET_SLOTS];
};

/* Conditions of filters, as initialisers. Fields are numbers in network byte order. */
#define NET_EQUAL8(at, is)                                                                         \
    {.op = AEGIS_ATOM_EQUAL, .size = 1, .offset = (at), .mask = 0xff, .value = (is)}
#define NET_EQUAL16(at, is)                                                                        \
    {.op = AEGIS_ATOM_EQUAL, .size = 2, .offset = (at), .mask = 0xffff, .value = (is)}
#define NET_EQUAL32(at, is)                                                                        \
    {.op = AEGIS_ATOM_EQUAL, .size = 4, .offset = (at), .mask = 0xffffffffu, .value = (is)}
/* What follows counts from the end of the IP header, options included. */
#define NET_BEHIND_IP                                                                              \
    {.op = AEGIS_ATOM_SHIFT, .size = 1, .offset = 14, .mask = 0x0f, .left = 2, .value = 14}

/* The exported record of the interface; NULL when there is none. */
const volatile struct aegis_network *net_interface(void);

/* A page of one's own, mapped; NULL when there is none. */
void *net_page(uint32_t *page);

/* Installs a filter with a ring of `pages` pages, two frames each. */
int32_t net_open(struct net_port *port, const struct aegis_atom *atoms, uint32_t count,
                 uint32_t pages);
void net_close(struct net_port *port);

/* The oldest frame, or NULL; it stays until net_done. */
volatile struct aegis_slot *net_poll(const struct net_port *port);
void net_done(struct net_port *port);

/*
 * Waits for a frame on any of several ports: its index; -1 when the tick has come. 0: no deadline.
 */
int net_wait(struct net_port *const *ports, int count, uint32_t deadline);

/* Sends a frame of up to 1514 bytes; waits for a buffer. The source address is filled in. */
int32_t net_send(const void *frame, uint32_t bytes);

/*
 * Has the code from `start` to `end` see a port's frames first (handler.h). `data`: its page, of
 * net_page. Returns the handler's number.
 */
int32_t net_handler(const void *start, const void *end, uint32_t data_page);

#endif
