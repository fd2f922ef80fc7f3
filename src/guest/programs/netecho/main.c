/*
 * netecho [-a] [ADDRESS [COUNT]]: answers ARP for an IP address, and ping and UDP port 7 there;
 * with -a a handler in Aegis answers the latter two, whether or not this process runs. Ends after
 * COUNT answers, or never.
 */
#include "netecho.h"
#include <generated/library-calls.h>
#include <ip.h>
#include <net.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PORTS 3
enum { ARP, PING, UDP };

static struct net_port port[PORTS];
static const struct aegis_filter *records; /* exported, from filter 0 on: two pages */

static int open_ports(uint32_t address)
{
    const struct aegis_atom arp[] = {NET_EQUAL16(ETHER_TYPE, TYPE_ARP),
                                     NET_EQUAL16(ARP_OPERATION, 1),
                                     NET_EQUAL32(ARP_TARGET_ADDRESS, address)};
    const struct aegis_atom ping[] = {
        NET_EQUAL16(ETHER_TYPE, TYPE_IP), NET_EQUAL8(ETHER_END, 0x45),
        NET_EQUAL8(IP_PROTOCOL, PROTOCOL_ICMP), NET_EQUAL32(IP_DESTINATION, address),
        NET_EQUAL8(ICMP_TYPE, 8)};
    const struct aegis_atom udp[] = {
        NET_EQUAL16(ETHER_TYPE, TYPE_IP), NET_EQUAL8(ETHER_END, 0x45),
        NET_EQUAL8(IP_PROTOCOL, PROTOCOL_UDP), NET_EQUAL32(IP_DESTINATION, address),
        NET_EQUAL16(UDP_DESTINATION, PORT_ECHO)};
    int32_t error = net_open(&port[ARP], arp, 3, 1);

    if (error >= 0)
        error = net_open(&port[PING], ping, 5, 2);
    if (error >= 0)
        error = net_open(&port[UDP], udp, 5, 2);
    if (error >= 0)
        return 0;
    if (error == -E_OVERLAP)
        dprintf(2, "netecho: somebody else has this address\n");
    else
        dprintf(2, "netecho: no filter to be had (%d)\n", (int)error);
    return 1;
}

static int attach_handler(void)
{
    uint32_t page = 0;
    void *data = net_page(&page);
    int32_t handler = data ? net_handler((const void *)answer_echo, (const void *)answer_echo_end,
                                         page)
                           : -E_NONE;

    if (handler < 0) {
        dprintf(2, "netecho: the handler was refused (%d)\n", (int)handler);
        return 1;
    }
    aegis_filter_handler((uint32_t)port[PING].filter, (uint32_t)handler);
    aegis_filter_handler((uint32_t)port[UDP].filter, (uint32_t)handler);
    return 0;
}

/* Answers one frame by itself. */
static void answer(int which)
{
    static uint8_t frame[AEGIS_FRAME_MAX + 2];
    volatile struct aegis_slot *slot = net_poll(&port[which]);
    uint32_t length = slot->length;

    memcpy(frame, (const void *)slot->frame, length);
    net_done(&port[which]);
    if (which == ARP)
        ip_answer_arp(frame, net_interface()->station);
    else if (which == PING)
        ip_answer_ping(frame);
    else
        ip_answer_udp(frame);
    net_send(frame, length);
}

/* Echo requests so far, whoever answered them. */
static uint32_t answered(void)
{
    return records[port[PING].filter].received + records[port[UDP].filter].received;
}

int main(int argc, char **argv)
{
    struct net_port *const ports[PORTS] = {&port[ARP], &port[PING], &port[UDP]};
    bool has_handler = argc > 1 && strcmp(argv[1], "-a") == 0;
    int first = has_handler ? 2 : 1;
    uint32_t address = ip_default(), count = 0;
    char text[16];

    if ((argc > first && !ip_parse(argv[first], &address)) || argc > first + 2) {
        dprintf(2, "usage: netecho [-a] [ADDRESS [COUNT]]\n");
        return 2;
    }
    if (argc > first + 1)
        count = (uint32_t)atoi(argv[first + 1]);
    if (!net_interface()) {
        dprintf(2, "netecho: this machine has no network interface\n");
        return 1;
    }
    records = exo_page_map_physical(AEGIS_EXPORT_FILTERS / AEGIS_PAGE_SIZE, EXO_PROT_READ);
    exo_page_map_physical(AEGIS_EXPORT_FILTERS / AEGIS_PAGE_SIZE + 1, EXO_PROT_READ);
    if (open_ports(address) || (has_handler && attach_handler()))
        return 1;
    printf("netecho: %s answers ping and UDP port %d%s\n", ip_print(text, address), PORT_ECHO,
           has_handler ? ", by a handler" : "");
    flush();
    while (count == 0 || answered() < count) {
        int which = net_wait(ports, PORTS, exo_ticks() + 16);
        if (which >= 0)
            answer(which);
    }
    printf("netecho: %u answered, %u of them by the handler\n", (unsigned)answered(),
           (unsigned)(records[port[PING].filter].handled + records[port[UDP].filter].handled));
    return 0;
}
