/* What the parts of the network tests share, beside test.h. */
#ifndef NET_TEST_H
#define NET_TEST_H

#include "test.h"

/* Pages of the test environment in guaranteed mappings. */
#define WORK_WINDOW 25u  /* atoms, code, frames to send */
#define RING_WINDOW 26u  /* two pages */
#define DATA_WINDOW 28u  /* a handler's page */
#define EXPORT_WINDOW 30u /* filters 2, atoms 3, handlers and network 1 */
#define AT_WINDOW(index) (AEGIS_GUARANTEED_BASE + (index) * AEGIS_PAGE_SIZE)
extern uint32_t work_page, ring_pages[2], data_page;
#define WORK ((volatile uint8_t *)AT_WINDOW(WORK_WINDOW))
#define DATA ((volatile uint8_t *)AT_WINDOW(DATA_WINDOW))
#define FILTERS ((const volatile struct aegis_filter *)AT_WINDOW(EXPORT_WINDOW))
#define ASHS ((const volatile struct aegis_ash *)AT_WINDOW(EXPORT_WINDOW + 5))
#define NETWORK ((const volatile struct aegis_network *)(AT_WINDOW(EXPORT_WINDOW + 5) + 0x800))

/* A word of whatever lies in memory. */
typedef uint32_t __attribute__((may_alias)) raw_word;

/* Slot n of the four of a ring of two pages. */
volatile struct aegis_slot *slot(uint32_t n);

/* Conditions, in the form of initialisers. */
#define EQ8(at, is) {.op = AEGIS_ATOM_EQUAL, .size = 1, .offset = (at), .mask = 0xff, .value = (is)}
#define EQ16(at, is)                                                                               \
    {.op = AEGIS_ATOM_EQUAL, .size = 2, .offset = (at), .mask = 0xffff, .value = (is)}
#define EQ32(at, is)                                                                               \
    {.op = AEGIS_ATOM_EQUAL, .size = 4, .offset = (at), .mask = 0xffffffffu, .value = (is)}
#define MASKED(n, at, m, is)                                                                       \
    {.op = AEGIS_ATOM_EQUAL, .size = (n), .offset = (at), .mask = (m), .value = (is)}
#define IP_HEADER                                                                                  \
    {.op = AEGIS_ATOM_SHIFT, .size = 1, .offset = 14, .mask = 0x0f, .left = 2, .value = 14}

/* Installs a filter by way of the work page. */
int32_t install(const struct aegis_atom *atoms, uint32_t count, uint32_t flags,
                struct aegis_capability *made);
#define INSTALL(flags, made, ...)                                                                  \
    install((const struct aegis_atom[]){__VA_ARGS__},                                              \
            sizeof((const struct aegis_atom[]){__VA_ARGS__}) / SIZEOF_ATOM, flags, made)

/* A frame in the work page: Ethernet, IP without options, UDP. */
volatile uint8_t *udp_frame(uint32_t port, uint32_t length);
/* Has the host send us the frame that is in the work page, and waits until it has passed. */
void receive_back(uint32_t length);
/* Sends what is in the work page. */
int32_t send(uint32_t length);
void put16(volatile uint8_t *at, uint32_t value);

/* An environment without privileges that makes calls for us. */
void helper_start(void);
void helper_stop(void);
extern uint32_t helper;
int32_t helper_call(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2, uint32_t a3);
/* The capability that the last call returned. */
struct aegis_capability helper_result(void);
typedef void code_label(void);
extern code_label caller_code, caller_code_end;

void test_filters(void);
void test_overlap(void);
void test_sending(void);
void test_handlers(void);
void test_hostile_handlers(void);
void serve_host(void);
/* A filter for a UDP port, with a handler that never ends by itself. */
int32_t install_slow_handler(uint32_t port, uint32_t which);

#endif
