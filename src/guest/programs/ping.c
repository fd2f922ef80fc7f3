/*
 * ping ADDRESS [COUNT [FROM]]: asks for the station that has an IP address, sends it echo requests,
 * one after the other, and says which come back. Replies are told from others' by filter: they are
 * for this address and this identifier.
 */
#include <generated/library-calls.h>
#include <ip.h>
#include <net.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATIENCE 64 /* ticks: one second */
#define DATA_BYTES 32

static uint8_t frame[AEGIS_FRAME_MAX];

/* The station of an address; false when nobody answers. */
static bool find_station(uint32_t source, uint32_t target, uint8_t *station)
{
    const struct aegis_atom reply[] = {
        NET_EQUAL16(ETHER_TYPE, TYPE_ARP), NET_EQUAL16(ARP_OPERATION, 2),
        NET_EQUAL32(ARP_SENDER_ADDRESS, target), NET_EQUAL32(ARP_TARGET_ADDRESS, source)};
    struct net_port port, *const ports[] = {&port};
    bool is_found = false;

    if (net_open(&port, reply, 4, 1) < 0)
        return false;
    for (int attempt = 0; attempt < 3 && !is_found; attempt++) {
        ip_ask_arp(frame, net_interface()->station, source, target);
        net_send(frame, ARP_END);
        if (net_wait(ports, 1, exo_ticks() + PATIENCE) < 0)
            continue;
        memcpy(station, (const void *)(net_poll(&port)->frame + ARP_SENDER), 6);
        is_found = true;
    }
    net_close(&port);
    return is_found;
}

/* One request; true when its reply came, whole. */
static bool ask(struct net_port *port, uint32_t bytes, uint32_t sequence)
{
    struct net_port *const ports[] = {port};
    uint32_t deadline = exo_ticks() + PATIENCE;

    net_send(frame, bytes);
    while (net_wait(ports, 1, deadline) >= 0) {
        const volatile struct aegis_slot *slot = net_poll(port);
        bool is_it = ip_get16(slot->frame + ICMP_SEQUENCE) == sequence && slot->length >= bytes &&
                     memcmp((const void *)(slot->frame + ICMP_DATA), frame + ICMP_DATA,
                            DATA_BYTES) == 0;
        net_done(port);
        if (is_it)
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    uint32_t target, source = ip_default(), count = 4, answered = 0;
    uint8_t station[6];
    struct net_port port;
    char text[16];

    if (argc < 2 || argc > 4 || !ip_parse(argv[1], &target) ||
        (argc > 3 && !ip_parse(argv[3], &source))) {
        dprintf(2, "usage: ping ADDRESS [COUNT [FROM]]\n");
        return 2;
    }
    if (argc > 2)
        count = (uint32_t)atoi(argv[2]);
    if (!net_interface()) {
        dprintf(2, "ping: this machine has no network interface\n");
        return 1;
    }
    ip_print(text, target);
    if (!find_station(source, target, station)) {
        printf("ping: nobody says that he is %s\n", text);
        return 1;
    }
    const struct aegis_atom reply[] = {
        NET_EQUAL16(ETHER_TYPE, TYPE_IP), NET_EQUAL8(ETHER_END, 0x45),
        NET_EQUAL8(IP_PROTOCOL, PROTOCOL_ICMP), NET_EQUAL32(IP_SOURCE, target),
        NET_EQUAL32(IP_DESTINATION, source), NET_EQUAL8(ICMP_TYPE, 0)};
    if (net_open(&port, reply, 6, 2) < 0) {
        printf("ping: no filter to be had; is somebody else doing this?\n");
        return 1;
    }
    for (uint32_t i = 1; i <= count; i++) {
        bool is_answered = ask(
            &port, ip_make_ping(frame, station, source, target, i, DATA_BYTES), i);
        answered += is_answered;
        printf("%s %u: %s\n", text, (unsigned)i, is_answered ? "answered" : "no answer");
        flush();
    }
    printf("%u of %u answered\n", (unsigned)answered, (unsigned)count);
    return answered == count ? 0 : 1;
}
