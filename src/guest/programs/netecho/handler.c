/*
 * Answers ICMP and UDP echo requests inside of Aegis (handler.h): copies the message to its page,
 * turns it round there, sends it. Filters have seen to it that it is one of the two, without IP
 * options.
 */
#include "netecho.h"
#include <handler.h>
#include <ip.h>

NET_HANDLER uint32_t answer_echo(uint32_t length)
{
    volatile uint16_t *half = (volatile uint16_t *)NET_DATA;
    uint32_t a, b;

    if (handler_copy(0, NET_DATA % AEGIS_PAGE_SIZE, length) < 0)
        return NET_PASS;
    for (uint32_t i = 0; i < 3; i++) /* Aegis fills in the source */
        half[i] = half[3 + i];
    for (uint32_t i = 0; i < 2; i++) {
        a = half[IP_SOURCE / 2 + i];
        b = half[IP_DESTINATION / 2 + i];
        half[IP_SOURCE / 2 + i] = (uint16_t)b;
        half[IP_DESTINATION / 2 + i] = (uint16_t)a;
    }
    if (half[(IP_PROTOCOL - 1) / 2] >> 8 == PROTOCOL_UDP) {
        a = half[UDP_SOURCE / 2];
        half[UDP_SOURCE / 2] = half[UDP_DESTINATION / 2];
        half[UDP_DESTINATION / 2] = (uint16_t)a;
    } else {
        half[ICMP_TYPE / 2] = 0;
        a = half[ICMP_CHECKSUM / 2] + 8; /* 0x0800 in network order */
        half[ICMP_CHECKSUM / 2] = (uint16_t)(a + (a >> 16));
    }
    if (handler_send(0, length) < 0)
        return NET_PASS;
    return NET_CONSUMED;
}
NET_HANDLER_END(answer_echo_end)
